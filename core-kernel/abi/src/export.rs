//! Exports: kernel procedures that extensions may be linked to.

use crate::Declaration;
pub use crate::raw::CodePointer;

/// A procedure that the kernel offers under its declaration.
#[derive(Clone, Copy, Debug)]
pub struct Export {
    /// Name, schema and fingerprint.
    pub declaration: &'static Declaration,
    /// The first instruction, in the C calling convention.
    pub entry: CodePointer,
}
