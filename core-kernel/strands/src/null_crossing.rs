//! A crossing into nothing, and a handler that does nothing, so that what they cost by themselves can be measured.

use crate::Strand;
use alloc::boxed::Box;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};
use spindle_dispatcher::{Callee, Handler, Owner, Strand as _};

/// A crossing whose target returns at once.
#[derive(Debug)]
pub struct NullCrossing {
    source: AtomicPtr<Callee>,
    /// Keeps what the source holds.
    _callee: Box<Callee>,
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
        let mut callee = Box::new(Callee::unlisted(null_handler()));
        Self { source: AtomicPtr::new(ptr::from_mut(&mut *callee)), _callee: callee }
    }

    /// Crosses once, on the calling strand, as a raise does: the callee is loaded from where an event would hold it.
    #[inline(always)]
    pub fn cross(&self, strand: &Strand) {
        let callee = self.source.load(Ordering::Acquire);
        // SAFETY: the source holds the callee, which lives as long as `self`; `null` takes any frame.
        let _ = unsafe { strand.cross(&self.source, callee, ptr::null_mut()) };
    }
}

impl Default for NullCrossing {
    fn default() -> Self {
        Self::new()
    }
}
