//! How a procedure is entered whose arguments lie in a frame, and how a Wasm extension calls it.

use core::mem::MaybeUninit;

use crate::FramedFn;

/// The result of a call, in its frame: uninitialised until the procedure has written it.
#[repr(transparent)]
#[derive(Debug)]
pub struct ResultSlot<T>(MaybeUninit<T>);

impl<T> ResultSlot<T> {
    /// A slot that nothing was written to.
    pub const fn empty() -> Self {
        Self(MaybeUninit::uninit())
    }

    /// A slot that holds `result`.
    pub const fn new(result: T) -> Self {
        Self(MaybeUninit::new(result))
    }
}

/// A frame, and the procedure of `Kernel` that takes its arguments out of it; `interface!` implements it for each.
pub trait FramedCall<Kernel> {
    /// The arguments as they lie in memory during the call, then the result. `repr(C)`.
    type Frame<'a>;

    /// Calls the procedure, and writes its result into the frame.
    fn call(frame: &mut Self::Frame<'_>);
}

/// The [`FramedFn`] that calls the procedure of `Kernel` with frames of `Call`.
pub const fn framed<Kernel, Call: FramedCall<Kernel>>() -> FramedFn {
    enter::<Kernel, Call>
}

/// # Safety
/// That of [`FramedFn`], for the layout of `Call::Frame`.
unsafe extern "C" fn enter<Kernel, Call: FramedCall<Kernel>>(frame: *mut ()) {
    // SAFETY: the caller's promise about `frame`, whose result is a `ResultSlot` and may be uninitialised.
    let frame = unsafe { &mut *frame.cast::<Call::Frame<'_>>() };
    Call::call(frame);
}

/// A frame that a Wasm extension passes to an import; `interface!` implements it for each procedure.
///
/// # Safety
/// [`Self::IMPORT`] is a procedure that takes a frame of this type, and [`Self::slot`] is where it writes its result
/// before it returns.
pub unsafe trait ImportFrame {
    /// What the procedure returns.
    type Result: Copy;
    /// The import.
    const IMPORT: FramedFn;
    /// The frame's result.
    fn slot(&self) -> &ResultSlot<Self::Result>;
}

/// Calls the import of a frame, and gives its result.
#[inline(always)]
pub fn call_import<Frame: ImportFrame>(mut frame: Frame) -> Frame::Result {
    // SAFETY: the promise of `ImportFrame`; the frame is ours, and what it refers to outlives it.
    unsafe { Frame::IMPORT((&raw mut frame).cast()) };
    // SAFETY: the promise of `ImportFrame`: the result was written.
    unsafe { frame.slot().0.assume_init() }
}

const _: () =
    assert!(size_of::<ResultSlot<u64>>() == 8 && align_of::<ResultSlot<u64>>() == align_of::<u64>());
const _: () = assert!(size_of::<ResultSlot<()>>() == 0);

#[cfg(test)]
mod tests {
    use super::{FramedCall, ImportFrame, ResultSlot, call_import, framed};
    use crate::FramedFn;

    #[repr(C)]
    struct Double {
        number: u32,
        result: ResultSlot<u64>,
    }

    struct Kernel;

    impl FramedCall<Kernel> for Double {
        type Frame<'a> = Double;
        fn call(frame: &mut Double) {
            frame.result = ResultSlot::new(u64::from(frame.number) * 2);
        }
    }

    // SAFETY: `call` above takes this frame and writes the slot.
    unsafe impl ImportFrame for Double {
        type Result = u64;
        const IMPORT: FramedFn = framed::<Kernel, Double>();
        fn slot(&self) -> &ResultSlot<u64> {
            &self.result
        }
    }

    #[test]
    fn a_call_through_a_frame_brings_its_result_back() {
        assert_eq!(call_import(Double { number: 21, result: ResultSlot::empty() }), 42);
    }
}
