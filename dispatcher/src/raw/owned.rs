//! Heap objects that raises read through plain pointers: made, lent and freed here and nowhere else.
//!
//! ```text
//!  Owned::try_new ──> Owned ── publish ──> pointer, in a table, an event or a descriptor
//!                       │ drop                │ out of reach, barrier, no mark (INV-DISP-4)
//!                       v                     v
//!                     freed <── drop ───── Owned::retired
//! ```

use crate::InstallError;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

/// The one owner of a heap object, whatever else points to it; dropping it frees the object.
#[derive(Debug)]
#[must_use = "dropping it frees the object"]
pub(crate) struct Owned<T>(NonNull<T>);

// SAFETY: it owns its object as a box does; tables, bindings and descriptors are bound to no processor or strand.
unsafe impl<T> Send for Owned<T> {}

impl<T> Owned<T> {
    /// `Box::new` that reports exhaustion instead of aborting.
    pub(crate) fn try_new(value: T) -> Result<Self, InstallError> {
        let mut one = Vec::new();
        one.try_reserve_exact(1).map_err(|_| InstallError::OutOfMemory)?;
        one.push(value);
        let slice: *mut [T] = Box::into_raw(one.into_boxed_slice());
        // A boxed slice of one element has the layout of a box of that element, and comes from the same allocator.
        Ok(Self(NonNull::new(slice.cast()).expect("a box is never null")))
    }

    /// The object's address.
    pub(crate) fn pointer(&self) -> NonNull<T> {
        self.0
    }

    /// Gives the object up to whoever finds the pointer; from here on INV-DISP-4 says when it may go.
    pub(crate) fn publish(self) -> NonNull<T> {
        let pointer = self.0;
        core::mem::forget(self);
        pointer
    }

    /// Takes a published object back.
    ///
    /// # Safety
    /// `pointer` came from [`Owned::publish`] and was not taken back before. Nobody uses the object any more, or
    /// what is returned is dropped only then (INV-DISP-4).
    pub(crate) unsafe fn retired(pointer: NonNull<T>) -> Self {
        Self(pointer)
    }
}

impl<T> Deref for Owned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the object lives as long as its owner, and is changed only through `&mut` of it.
        unsafe { self.0.as_ref() }
    }
}

impl<T> DerefMut for Owned<T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above; what is published is not held by an `Owned` that anybody changes.
        unsafe { self.0.as_mut() }
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: the object was made from a box in `try_new`, and this is its one owner.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}
