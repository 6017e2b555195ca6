//! Strands of the tests: the host's, and one that contains faults as a kernel does.
//!
//! A handler under test faults by calling [`fault`] and returning at once. The [`Contained`] strand then reports it as
//! abandoned, which is all that the dispatcher learns of a fault in a kernel.

use spindle_dispatcher::host::{HostGrace, HostStrand};
use spindle_dispatcher::{Callee, Crossed, Executor, Grace, Mark, Owner, Strand, deliver};
use std::cell::Cell;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::thread_local;

/// A strand that every thread has one of.
pub trait Current: Strand {
    /// Runs `f` with the calling thread's strand.
    fn with<R>(f: impl FnOnce(&Self) -> R) -> R;
}

impl Current for HostStrand {
    fn with<R>(f: impl FnOnce(&Self) -> R) -> R {
        Self::with_current(f)
    }
}

/// The host's strand, with faults that are reported instead of ending the process.
#[repr(transparent)]
pub struct Contained(HostStrand);

thread_local! {
    static HAS_FAULTED: Cell<bool> = const { Cell::new(false) };
    static OFFENDER: Cell<Owner> = const { Cell::new(Owner::KERNEL) };
    static IN_USE: Cell<Option<Owner>> = const { Cell::new(None) };
    static WAKES: Cell<u64> = const { Cell::new(0) };
    static MAKES_ROOM: Cell<bool> = const { Cell::new(false) };
    static IS_DELIVERING: Cell<bool> = const { Cell::new(false) };
}

/// Has the callee that is running on this thread count as abandoned once it returns.
pub fn fault() {
    HAS_FAULTED.set(true);
}

/// Has everything of `owner` count as in use by another strand while `f` runs on this thread.
pub fn while_in_use<R>(owner: Owner, f: impl FnOnce() -> R) -> R {
    IN_USE.set(Some(owner));
    let result = f();
    IN_USE.set(None);
    result
}

/// How often this thread was told that something was queued.
pub fn wakes() -> u64 {
    WAKES.get()
}

/// Whether raises on this thread that find a queue full have queued work run.
pub fn make_room(makes: bool) {
    MAKES_ROOM.set(makes);
}

impl Current for Contained {
    fn with<R>(f: impl FnOnce(&Self) -> R) -> R {
        HostStrand::with_current(|strand| {
            // SAFETY: the one is laid out as the other, which is all that it is.
            f(unsafe { &*ptr::from_ref(strand).cast::<Self>() })
        })
    }
}

struct HereAndNow;

impl Executor for HereAndNow {
    fn wake(&self) {
        WAKES.set(WAKES.get() + 1);
    }

    fn make_room(&self) -> bool {
        MAKES_ROOM.get() && !IS_DELIVERING.get() && Contained::with(|strand| deliver(strand, 1)) > 0
    }
}

// SAFETY: marks are the host strand's; a callee is entered while marked, and only if its source still holds it.
unsafe impl Strand for Contained {
    const DIRECT_KERNEL_HANDLERS: bool = HostStrand::DIRECT_KERNEL_HANDLERS;
    const SLOTS: usize = HostStrand::SLOTS;

    fn slot(&self) -> usize {
        self.0.slot()
    }

    fn now() -> u64 {
        HostStrand::now()
    }

    fn executor() -> &'static dyn Executor {
        &HereAndNow
    }

    fn replace_delivering(&self, is_delivering: bool) -> bool {
        IS_DELIVERING.replace(is_delivering)
    }

    unsafe fn cross(&self, source: &AtomicPtr<Callee>, callee: *mut Callee, frame: *mut ()) -> Crossed {
        let mark = Mark { previous: Cell::new(ptr::null()), word: Cell::new(callee.cast_const().cast()) };
        // SAFETY: it stays until it is taken away below.
        unsafe { self.0.mark(&mark) };
        let crossed = if source.load(Ordering::SeqCst) == callee {
            // SAFETY: it is marked, and was still in its source after that.
            let callee = unsafe { &*callee };
            // SAFETY: the caller vouches for the frame.
            unsafe { self.enter(callee, frame) }
        } else {
            Crossed::Stale
        };
        // SAFETY: marks made since were taken away.
        unsafe { self.0.unmark(&mark) };
        crossed
    }

    unsafe fn mark(&self, mark: &Mark) {
        // SAFETY: the caller's promise.
        unsafe { self.0.mark(mark) };
    }

    unsafe fn unmark(&self, mark: &Mark) {
        // SAFETY: the caller's promise.
        unsafe { self.0.unmark(mark) };
    }

    fn offender(&self) -> Owner {
        OFFENDER.get()
    }
}

impl Contained {
    /// # Safety
    /// `frame` is what the callee takes.
    unsafe fn enter(&self, callee: &Callee, frame: *mut ()) -> Crossed {
        if IN_USE.get() == Some(callee.owner()) {
            OFFENDER.set(callee.owner());
            return Crossed::Declined;
        }
        callee.count_call(self.slot());
        // SAFETY: the caller's promise.
        unsafe { callee.enter(frame) };
        if !HAS_FAULTED.replace(false) {
            return Crossed::Returned;
        }
        OFFENDER.set(callee.owner());
        Crossed::Faulted
    }
}

/// Whether the calling thread is inside a raise.
pub fn is_inside_raise() -> bool {
    HostGrace.inside_raise()
}
