//! How a handler is entered: from untyped pointers to a typed body.

use crate::{EventSpec, Invoke};

/// A body behind an erased frame type.
pub(crate) type InvokeFn<S> = unsafe fn(state: &S, frame: *mut ());

/// The [`HandlerFn`](crate::HandlerFn) of body `H`.
///
/// # Safety
/// `closure` points to an `S`, `frame` to an `E::Frame` that nothing else uses; both valid until this returns.
pub(crate) unsafe extern "C" fn enter<E: EventSpec, S, H: Invoke<E, S>>(closure: *const (), frame: *mut ()) {
    // SAFETY: the caller's promise about `closure`; `S` is shared only.
    let state = unsafe { &*closure.cast::<S>() };
    // SAFETY: the caller's promise about `frame`.
    let frame = unsafe { &mut *frame.cast::<E::Frame<'_>>() };
    H::invoke(state, frame);
}

/// The same in Rust's own calling convention, so that a panic can unwind through it in a test on the host.
///
/// # Safety
/// `frame` points to an `E::Frame` that nothing else uses, valid until this returns.
pub(crate) unsafe fn invoke<E: EventSpec, S, H: Invoke<E, S>>(state: &S, frame: *mut ()) {
    // SAFETY: the caller's promise about `frame`.
    let frame = unsafe { &mut *frame.cast::<E::Frame<'_>>() };
    H::invoke(state, frame);
}

/// Calls a body whose event was checked to have the fingerprint of `E`.
pub(crate) fn call_checked<E: EventSpec, S>(body: InvokeFn<S>, state: &S, frame: &mut E::Frame<'_>) {
    let frame = core::ptr::from_mut(frame).cast::<()>();
    // SAFETY: equal fingerprints mean the same frame (the promise of `unsafe trait EventSpec`), borrowed
    // mutably here.
    unsafe { body(state, frame) }
}
