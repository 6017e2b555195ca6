//! Closures on the heap, behind a thin pointer, and the typed entries through which they are called.

use super::callee::{KernelFn, TestFn};
use super::owned::Owned;
use crate::event::EventCore;
use crate::outcome::Outcome;
use crate::{InstallError, KernelHandler};
use core::ptr::{self, NonNull};
use spindle_abi::{EventSpec, Fold, HandlerFn};

/// A closure that somebody owns, its type erased; dropping this drops it.
#[derive(Debug)]
pub(crate) struct Closure {
    address: NonNull<()>,
    drop: unsafe fn(NonNull<()>),
}

// SAFETY: it is made of `Send + Sync` values only, and only moves and drops them.
unsafe impl Send for Closure {}
// SAFETY: as above.
unsafe impl Sync for Closure {}

impl Closure {
    /// Puts `value` on the heap.
    pub(crate) fn try_new<F: Send + Sync + 'static>(value: F) -> Result<Self, InstallError> {
        unsafe fn free<F>(address: NonNull<()>) {
            // SAFETY: `try_new` below made it of an `F`, and `Drop` comes once.
            drop(unsafe { Owned::retired(address.cast::<F>()) });
        }
        Ok(Self { address: Owned::try_new(value)?.publish().cast(), drop: free::<F> })
    }

    /// What the entries below take as their closure.
    pub(crate) fn address(&self) -> *const () {
        self.address.as_ptr().cast_const()
    }
}

impl Drop for Closure {
    fn drop(&mut self) {
        // SAFETY: the two belong together, and nobody can call the closure any more: its callee is gone with it (INV-DISP-4).
        unsafe { (self.drop)(self.address) };
    }
}

/// How a kernel handler without a closure is entered like any other.
pub(crate) const fn kernel<E: EventSpec, H: KernelHandler<E>>() -> HandlerFn {
    unsafe extern "C" fn enter<E: EventSpec, H: KernelHandler<E>>(_closure: *const (), frame: *mut ()) {
        // SAFETY: a raise passes the frame that it was given by `&mut`; it is of this event's type (INV-DISP-1).
        H::handle(unsafe { &mut *frame.cast::<E::Frame<'_>>() });
    }
    enter::<E, H>
}

/// What an event's entry becomes when `H` is its only handler: the handler itself, and a count.
pub(crate) const fn direct<E: EventSpec, H: KernelHandler<E>>() -> KernelFn {
    unsafe extern "C" fn enter<E: EventSpec, H: KernelHandler<E>>(
        event: *const EventCore,
        frame: *mut (),
        _strand: *const (),
    ) -> u64 {
        // SAFETY: a raise passes its own event.
        unsafe { &*event }.count_direct();
        // SAFETY: as in `kernel`.
        let frame = unsafe { &mut *frame.cast::<E::Frame<'_>>() };
        let initial = *E::result(frame);
        H::handle(frame);
        Outcome::of_only_handler::<E>(frame, initial).word()
    }
    enter::<E, H>
}

/// How a closure that handles `E` is entered.
pub(crate) const fn handler<E: EventSpec, F: Fn(&mut E::Frame<'_>)>(_: &F) -> HandlerFn {
    unsafe extern "C" fn enter<E: EventSpec, F: Fn(&mut E::Frame<'_>)>(closure: *const (), frame: *mut ()) {
        // SAFETY: it is installed together with its `Closure`, an `F`.
        let closure = unsafe { &*closure.cast::<F>() };
        // SAFETY: as in `kernel`.
        closure(unsafe { &mut *frame.cast::<E::Frame<'_>>() });
    }
    enter::<E, F>
}

/// How a closure that guards handlers of `E` is entered.
pub(crate) const fn guard<E: EventSpec, F: Fn(&E::Frame<'_>) -> bool>(_: &F) -> TestFn {
    unsafe extern "C" fn test<E: EventSpec, F: Fn(&E::Frame<'_>) -> bool>(
        closure: *const (),
        frame: *const (),
    ) -> bool {
        // SAFETY: as in `handler`.
        let closure = unsafe { &*closure.cast::<F>() };
        // SAFETY: a raise passes the frame that it was given by `&mut`; it is of this event's type (INV-DISP-1), and nobody
        // changes it while a guard looks at it.
        closure(unsafe { &*frame.cast::<E::Frame<'_>>() })
    }
    test::<E, F>
}

/// How a closure that folds results of `E` is entered.
pub(crate) const fn fold<E: EventSpec, F: Fn(E::Result, E::Result) -> E::Result>(_: &F) -> HandlerFn {
    unsafe extern "C" fn enter<E: EventSpec, F: Fn(E::Result, E::Result) -> E::Result>(
        closure: *const (),
        frame: *mut (),
    ) {
        // SAFETY: as in `handler`.
        let closure = unsafe { &*closure.cast::<F>() };
        // SAFETY: a result handler is entered with a fold of its event's results.
        let fold = unsafe { &mut *frame.cast::<Fold<E::Result>>() };
        fold.result = closure(fold.previous, fold.next);
    }
    enter::<E, F>
}

/// The closure of what has none.
pub(crate) const NONE: *const () = ptr::null();
