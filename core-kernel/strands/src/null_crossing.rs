//! A crossing into nothing, and a handler that does nothing, so that what they cost by themselves can be measured.

use crate::Strand;
use core::ptr;
use core::sync::atomic::AtomicPtr;
use spindle_dispatcher::{Binding, Handler, Owner, Strand as _};

/// A crossing whose target returns at once.
#[derive(Debug)]
pub struct NullCrossing {
    binding: Binding,
}

unsafe extern "C" fn null(_closure: *const (), _frame: *mut ()) {}

/// A handler that does nothing, for any event, entered as an extension's is.
pub fn null_handler() -> Handler {
    // SAFETY: `null` reads neither of its arguments, and is kernel text.
    unsafe { Handler::extension(null, ptr::null(), Owner::KERNEL) }
}

impl NullCrossing {
    /// Makes one.
    pub fn new() -> Self {
        Self { binding: Binding::unlisted(null_handler()) }
    }

    /// Crosses once, on the calling strand.
    #[inline(always)]
    pub fn cross(&self, strand: &Strand) {
        let binding = ptr::from_ref(&self.binding).cast_mut();
        let source = AtomicPtr::new(binding);
        // SAFETY: the source holds the binding, which lives as long as `self`; `null` takes any frame.
        let _ = unsafe { strand.cross(&source, binding, ptr::null_mut()) };
    }
}

impl Default for NullCrossing {
    fn default() -> Self {
        Self::new()
    }
}
