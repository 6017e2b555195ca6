//! The host's strands as the dispatcher asks for them.

use super::callee::Callee;
use super::strand::{Crossed, Grace, Mark, Strand};
use crate::host::{self, HostGrace, HostStrand};
use crate::{Executor, Owner};
use core::sync::atomic::{AtomicPtr, Ordering};

// SAFETY: INV-HOST-1 to INV-HOST-3: a mark is seen by whoever scans after a barrier, from before `source` is read
// again.
unsafe impl Strand for HostStrand {
    // Threads can be preempted anywhere, and nobody waits until each was outside all raises.
    const DIRECT_KERNEL_HANDLERS: bool = false;
    const SLOTS: usize = host::SLOTS;

    #[inline(always)]
    fn slot(&self) -> usize {
        self.slot_index()
    }

    /// In nanoseconds.
    fn now() -> u64 {
        host::now_ns()
    }

    fn executor() -> &'static dyn Executor {
        &host::THREADS
    }

    fn replace_delivering(&self, is_delivering: bool) -> bool {
        HostStrand::replace_delivering(self, is_delivering)
    }

    #[inline(always)]
    unsafe fn cross(&self, source: &AtomicPtr<Callee>, callee: *mut Callee, frame: *mut ()) -> Crossed {
        let Some(depth) = self.push(callee.cast_const().cast()) else {
            // SAFETY: the caller's promise.
            return unsafe { self.cross_with_care(source, callee, frame) };
        };
        let is_held = source.load(Ordering::Acquire) == callee;
        if is_held {
            // SAFETY: it is marked and was still held after that, so it stays (INV-DISP-4).
            let callee = unsafe { &*callee };
            callee.count_own_call(self.slot_index());
            // SAFETY: the frame is what it takes, says the caller; the mark keeps the callee until `pop`.
            unsafe { callee.enter(frame) };
        }
        self.pop(depth);
        if is_held { Crossed::Returned } else { Crossed::Stale }
    }

    #[inline(always)]
    unsafe fn mark(&self, mark: &Mark) {
        if self.push(mark.word.get()).is_none() {
            self.push_with_care(mark.word.get());
        }
    }

    #[inline(always)]
    unsafe fn unmark(&self, _mark: &Mark) {
        self.pop(self.depth() - 1);
    }

    fn offender(&self) -> Owner {
        unreachable!("a handler that faults ends the process: nothing here reports `Faulted`")
    }
}

impl HostStrand {
    /// As `cross`, for a strand that fences for itself or shares its slot.
    ///
    /// # Safety
    /// As for `cross`.
    #[cold]
    unsafe fn cross_with_care(
        &self,
        source: &AtomicPtr<Callee>,
        callee: *mut Callee,
        frame: *mut (),
    ) -> Crossed {
        let depth = self.push_with_care(callee.cast_const().cast());
        let is_held = source.load(Ordering::Acquire) == callee;
        if is_held {
            // SAFETY: as in `cross`.
            let callee = unsafe { &*callee };
            callee.count_call(self.slot_index());
            // SAFETY: as in `cross`.
            unsafe { callee.enter(frame) };
        }
        self.pop(depth);
        if is_held { Crossed::Returned } else { Crossed::Stale }
    }
}

// SAFETY: INV-HOST-2 and INV-HOST-3: after the barrier every mark made before is seen, on every thread that lives.
unsafe impl Grace for HostGrace {
    fn barrier(&self) {
        self.wait_for_all();
    }

    fn is_marked(&self, word: *const ()) -> bool {
        self.has_mark(word)
    }

    fn inside_raise(&self) -> bool {
        HostStrand::with_current(|strand| strand.depth() > 0)
    }
}
