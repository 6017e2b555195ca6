//! How a row is entered: from untyped pointers to a typed body.

use crate::{Ask, Combine, EventSpec, Fold, GuardCall, Invoke};

/// A body behind an erased argument: a frame, a [`GuardCall`] or a [`Fold`].
pub(crate) type BodyFn<S> = unsafe fn(state: &S, argument: *mut ());

/// The [`HandlerFn`](crate::HandlerFn) of body `H`.
///
/// # Safety
/// `closure` points to an `S`, `frame` to an `E::Frame` that nothing else uses; both valid until this returns.
pub(crate) unsafe extern "C" fn enter<E: EventSpec, S, H: Invoke<E, S>>(closure: *const (), frame: *mut ()) {
    // SAFETY: the caller's promise about `closure`; `S` is shared only.
    let state = unsafe { &*closure.cast::<S>() };
    // SAFETY: the caller's promise about `frame`.
    unsafe { invoke::<E, S, H>(state, frame) };
}

/// The same in Rust's own calling convention, so that a panic can unwind through it in a test on the host.
///
/// # Safety
/// `frame` points to an `E::Frame` that nothing else uses, valid until this returns.
#[inline(always)]
pub(crate) unsafe fn invoke<E: EventSpec, S, H: Invoke<E, S>>(state: &S, frame: *mut ()) {
    // SAFETY: the caller's promise about `frame`.
    let frame = unsafe { &mut *frame.cast::<E::Frame<'_>>() };
    H::invoke(state, frame);
}

/// The [`HandlerFn`](crate::HandlerFn) of guard `G`.
///
/// # Safety
/// `closure` points to an `S`, `call` to a [`GuardCall`] that nothing else uses, the frame in it to an `E::Frame` that nobody
/// writes to; all valid until this returns.
pub(crate) unsafe extern "C" fn enter_guard<E: EventSpec, S, G: Ask<E, S>>(
    closure: *const (),
    call: *mut (),
) {
    // SAFETY: the caller's promise about `closure`; `S` is shared only.
    let state = unsafe { &*closure.cast::<S>() };
    // SAFETY: the caller's promise about `call`.
    unsafe { ask::<E, S, G>(state, call) };
}

/// The same in Rust's own calling convention.
///
/// # Safety
/// That of [`enter_guard`], for `call`.
#[inline(always)]
pub(crate) unsafe fn ask<E: EventSpec, S, G: Ask<E, S>>(state: &S, call: *mut ()) {
    // SAFETY: the caller's promise about `call`.
    let call = unsafe { &mut *call.cast::<GuardCall>() };
    // SAFETY: the caller's promise about the frame.
    let frame = unsafe { &*call.frame.cast::<E::Frame<'_>>() };
    call.holds = u32::from(G::ask(state, frame));
}

/// The [`HandlerFn`](crate::HandlerFn) of result handler `C`.
///
/// # Safety
/// `closure` points to an `S`, `fold` to a [`Fold`] of `E::Result` that nothing else uses; both valid until this returns.
pub(crate) unsafe extern "C" fn enter_fold<E: EventSpec, S, C: Combine<E, S>>(
    closure: *const (),
    fold: *mut (),
) {
    // SAFETY: the caller's promise about `closure`; `S` is shared only.
    let state = unsafe { &*closure.cast::<S>() };
    // SAFETY: the caller's promise about `fold`.
    unsafe { combine::<E, S, C>(state, fold) };
}

/// The same in Rust's own calling convention.
///
/// # Safety
/// That of [`enter_fold`], for `fold`.
#[inline(always)]
pub(crate) unsafe fn combine<E: EventSpec, S, C: Combine<E, S>>(state: &S, fold: *mut ()) {
    // SAFETY: the caller's promise about `fold`.
    let fold = unsafe { &mut *fold.cast::<Fold<E::Result>>() };
    fold.result = C::combine(state, fold.previous, fold.next);
}

/// Calls the body of a handler whose event was checked to have the fingerprint of `E`.
pub(crate) fn invoke_checked<E: EventSpec, S>(body: BodyFn<S>, state: &S, frame: &mut E::Frame<'_>) {
    let frame = core::ptr::from_mut(frame).cast::<()>();
    // SAFETY: equal fingerprints mean the same frame (the promise of `unsafe trait EventSpec`), borrowed
    // mutably here.
    unsafe { body(state, frame) }
}

/// Calls the body of a guard whose event was checked to have the fingerprint of `E`.
pub(crate) fn ask_checked<E: EventSpec, S>(body: BodyFn<S>, state: &S, frame: &E::Frame<'_>) -> bool {
    let mut call = GuardCall::new(core::ptr::from_ref(frame).cast());
    // SAFETY: equal fingerprints mean the same frame, borrowed here; the call is ours.
    unsafe { body(state, (&raw mut call).cast()) };
    call.holds != 0
}

/// Calls the body of a result handler whose event was checked to have the fingerprint of `E`.
pub(crate) fn combine_checked<E: EventSpec, S>(
    body: BodyFn<S>,
    state: &S,
    previous: E::Result,
    next: E::Result,
) -> E::Result {
    let mut fold = Fold::new(previous, next);
    // SAFETY: equal fingerprints mean the same result; the fold is ours.
    unsafe { body(state, (&raw mut fold).cast()) };
    fold.result
}

#[cfg(test)]
mod tests {
    use crate::{
        Ask, Combine, Declaration, EventSpec, Fold, GuardCall, Handler, Invoke, Key, KeyField, Options,
    };

    struct Halved;

    // SAFETY: no other event has this declaration.
    unsafe impl EventSpec for Halved {
        const DECLARATION: &'static Declaration =
            &Declaration::new("test.Halved", "event test.Halved(number: u64) -> u64");
        const KEYS: &'static [KeyField] = &[];
        type Frame<'a> = (u64, u64);
        type Result = u64;
        fn result(frame: &mut (u64, u64)) -> &mut u64 {
            &mut frame.1
        }
        fn key(_: &(u64, u64), _: usize) -> Key<'_> {
            Key::Integer(0)
        }
    }

    struct Half;

    // SAFETY: it writes the result alone.
    unsafe impl Invoke<Halved, u64> for Half {
        fn invoke(divisor: &u64, frame: &mut (u64, u64)) {
            frame.1 = frame.0 / divisor;
        }
    }

    impl Ask<Halved, u64> for Half {
        fn ask(divisor: &u64, frame: &(u64, u64)) -> bool {
            frame.0.is_multiple_of(*divisor)
        }
    }

    impl Combine<Halved, u64> for Half {
        fn combine(divisor: &u64, previous: u64, next: u64) -> u64 {
            (previous + next) / divisor
        }
    }

    #[test]
    fn each_row_is_entered_with_what_its_role_says() {
        let (state, mut frame) = (2_u64, (42_u64, 0_u64));
        let closure = (&raw const state).cast();
        let row = Handler::<u64>::new::<Halved, Half>(Options::NONE).entry();
        // SAFETY: the state and a frame of the event, both ours.
        unsafe { (row.enter)(closure, (&raw mut frame).cast()) };
        assert_eq!(frame.1, 21);
        let mut call = GuardCall::new((&raw const frame).cast());
        // SAFETY: the state and a call with a frame of the event, all ours.
        unsafe { (Handler::<u64>::guard::<Halved, Half>().entry().enter)(closure, (&raw mut call).cast()) };
        assert_eq!(call.holds, 1);
        let mut fold = Fold::new(3_u64, 5);
        // SAFETY: the state and a fold of the event's result, both ours.
        unsafe { (Handler::<u64>::result::<Halved, Half>().entry().enter)(closure, (&raw mut fold).cast()) };
        assert_eq!(fold.result, 4);
    }
}
