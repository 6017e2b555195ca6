//! What a guard is entered with.

/// The question that is put to a guard: does it hold for this frame?
///
/// It has one layout for each target: natively 16 bytes, in a Wasm module's memory 8.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GuardCall {
    /// The frame of the guard's event. The guard reads it, and writes nothing to it.
    pub frame: *const (),
    /// The answer: 0, which it is beforehand, means no, anything else yes.
    pub holds: u32,
}

impl GuardCall {
    /// The question about `frame`, not answered yet.
    pub const fn new(frame: *const ()) -> Self {
        Self { frame, holds: 0 }
    }
}

const _: () = assert!(core::mem::offset_of!(GuardCall, holds) == size_of::<usize>());
const _: () = assert!(size_of::<GuardCall>() == 2 * size_of::<usize>());
