//! What a result handler is entered with.

/// Two results of one raise, to be made into one.
///
/// Plain data throughout, so that it lies alike in a native frame and in a Wasm module's memory.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Fold<R> {
    /// What the handlers before came to.
    pub previous: R,
    /// What the next handler answered.
    pub next: R,
    /// Where what they come to together is put.
    pub result: R,
}

impl<R: Copy> Fold<R> {
    /// The question what `previous` and `next` come to; `next` until it is answered.
    pub const fn new(previous: R, next: R) -> Self {
        Self { previous, next, result: next }
    }
}

const _: () = assert!(core::mem::offset_of!(Fold<u16>, result) == 2 * size_of::<u16>());
