//! Pointers that statics may hold.

use crate::{ExtensionDescriptor, Handler};

/// The address of code: never dereferenced as data, and the same for every processor.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CodePointer(*const ());

impl CodePointer {
    /// Wraps the address of a function (`f as *const ()`).
    pub const fn new(code: *const ()) -> Self {
        Self(code)
    }

    /// The address.
    pub fn address(self) -> u64 {
        self.0.addr() as u64
    }

    /// The pointer.
    pub const fn as_ptr(self) -> *const () {
        self.0
    }
}

// SAFETY: an address of immutable code; no operation of the type reads or writes through it.
unsafe impl Send for CodePointer {}
// SAFETY: as above.
unsafe impl Sync for CodePointer {}

// SAFETY: it points to a constant table and to code only, and is never written.
unsafe impl Sync for ExtensionDescriptor {}

const _: fn() = || {
    fn shared<T: Sync>() {}
    shared::<Handler<()>>();
};
