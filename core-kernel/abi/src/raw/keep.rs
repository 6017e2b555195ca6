//! Keeping a frame beyond its raise.

use crate::EventSpec;

/// A copy of `frame` that outlives the raise; `None` if raises of `E` cannot be delivered later.
pub fn keep<E: EventSpec>(frame: &E::Frame<'_>) -> Option<E::Frame<'static>> {
    let place = core::ptr::from_ref(frame).cast::<E::Frame<'static>>();
    // SAFETY: a frame of a queueable event may be copied byte by byte, and the copy borrows nothing (`EventSpec`).
    E::QUEUEABLE.then(|| unsafe { place.read() })
}
