//! An atomic word for a reference: what safe code cannot get back out of a plain pointer.

use crate::sync::{AtomicPtr, Ordering, const_unless_loom};
use core::ptr;

/// A place for a reference to something static; readers and writers may meet.
#[derive(Debug)]
pub(crate) struct Reference<T: Sync + 'static>(AtomicPtr<T>);

impl<T: Sync + 'static> Reference<T> {
    const_unless_loom! {
        /// A place with nothing in it.
        pub(crate) fn none() -> Self {
            Self(AtomicPtr::new(ptr::null_mut()))
        }
    }

    /// Puts `value` in.
    pub(crate) fn set(&self, value: &'static T) {
        self.0.store(ptr::from_ref(value).cast_mut(), Ordering::Release);
    }

    /// What was put in last.
    pub(crate) fn get(&self) -> Option<&'static T> {
        let value = self.0.load(Ordering::Acquire);
        // SAFETY: INV-DISP-8: it is null, or `set` was given it as a reference that is good for ever; it is only
        // read through.
        unsafe { value.as_ref() }
    }
}
