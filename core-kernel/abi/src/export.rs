//! Exports: kernel procedures that extensions may be linked to.

use crate::Declaration;
use crate::frame::{FrameLayout, FramedFn};
pub use crate::raw::CodePointer;

/// A procedure that the kernel offers under its declaration.
#[derive(Clone, Copy, Debug)]
pub struct Export {
    /// Name, schema and fingerprint.
    pub declaration: &'static Declaration,
    /// The first instruction, in the C calling convention.
    pub entry: CodePointer,
    /// The arguments and the result, for a caller that has them in a frame.
    pub layout: &'static FrameLayout,
    /// The same procedure for that caller: it takes its arguments out of a native frame and writes its result there.
    pub framed: FramedFn,
}
