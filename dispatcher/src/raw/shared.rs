//! A reference-counted pointer whose making can fail: `Arc` would end the kernel when memory is out.

use super::owned::Owned;
use crate::InstallError;
use crate::sync::{AtomicUsize, Ordering, fence};
use core::fmt;
use core::ops::Deref;
use core::ptr::NonNull;

/// One of the owners of a heap object; the last one to go frees it.
pub(crate) struct Shared<T>(NonNull<Counted<T>>);

struct Counted<T> {
    owners: AtomicUsize,
    value: T,
}

// SAFETY: it gives `&T` to whoever has it and drops `T` wherever the last owner goes, as `Arc` does.
unsafe impl<T: Send + Sync> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// Puts `value` on the heap.
    ///
    /// # Errors
    /// [`InstallError::OutOfMemory`]; the value is dropped.
    pub(crate) fn try_new(value: T) -> Result<Self, InstallError> {
        Owned::try_new(Counted { owners: AtomicUsize::new(1), value }).map(|counted| Self(counted.publish()))
    }

    /// Where the object lies: the same for all its owners, and for no other object meanwhile.
    pub(crate) fn address(this: &Self) -> *mut T {
        ptr_of(&this.counted().value)
    }

    fn counted(&self) -> &Counted<T> {
        // SAFETY: an owner keeps the object alive.
        unsafe { self.0.as_ref() }
    }
}

fn ptr_of<T>(value: &T) -> *mut T {
    core::ptr::from_ref(value).cast_mut()
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        // An owner exists, so nobody frees it meanwhile; 2^63 owners do not fit into memory.
        self.counted().owners.fetch_add(1, Ordering::Relaxed);
        Self(self.0)
    }
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        if self.counted().owners.fetch_sub(1, Ordering::Release) == 1 {
            fence(Ordering::Acquire);
            // SAFETY: published by `try_new`, and the last owner takes it back once; the fence orders it after all other owners.
            drop(unsafe { Owned::retired(self.0) });
        }
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.counted().value
    }
}

impl<T: fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
