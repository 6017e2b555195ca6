//! Strands for a program on an operating system: one per thread.
//!
//! # Concepts
//! Marks are copied into a fixed array of the thread's record, since nobody can stop a thread to read its stack.
//! The barrier is a full fence on both sides: dearer than an interrupt or `membarrier`, and nothing but the
//! standard library is needed. A handler that faults takes the process with it, as any code there would.

use crate::{Callee, Crossed, Executor, Grace, Mark, Owner, Strand};
use core::array;
use core::cell::Cell;
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicPtr, Ordering, fence};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread_local;
use std::vec::Vec;

/// How deep raises may nest on one thread.
pub const MAX_DEPTH: usize = 64;

static RECORDS: Mutex<Vec<Arc<Record>>> = Mutex::new(Vec::new());

thread_local! {
    static CURRENT: HostStrand = HostStrand::register();
}

/// The thread's strand.
#[derive(Debug)]
pub struct HostStrand {
    record: Arc<Record>,
    depth: Cell<usize>,
}

#[derive(Debug)]
struct Record {
    marks: [AtomicPtr<()>; MAX_DEPTH],
    gone: AtomicBool,
}

/// All threads that have raised something.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostGrace;

impl HostStrand {
    /// Runs `f` with the calling thread's strand.
    pub fn with_current<R>(f: impl FnOnce(&Self) -> R) -> R {
        CURRENT.with(f)
    }

    fn register() -> Self {
        let marks = array::from_fn(|_| AtomicPtr::new(ptr::null_mut()));
        let record = Arc::new(Record { marks, gone: AtomicBool::new(false) });
        let mut records = RECORDS.lock().unwrap_or_else(PoisonError::into_inner);
        records.retain(|record| !record.gone.load(Ordering::Acquire));
        records.push(Arc::clone(&record));
        Self { record, depth: Cell::new(0) }
    }

    fn push(&self, word: *const ()) {
        let depth = self.depth.get();
        let slot = self.record.marks.get(depth).expect("raises nest at most MAX_DEPTH deep on one thread");
        slot.store(word.cast_mut(), Ordering::Release);
        self.depth.set(depth + 1);
        fence(Ordering::SeqCst);
    }

    fn pop(&self) {
        let depth = self.depth.get() - 1;
        self.depth.set(depth);
        self.record.marks[depth].store(ptr::null_mut(), Ordering::Release);
    }
}

impl Drop for HostStrand {
    fn drop(&mut self) {
        self.record.gone.store(true, Ordering::Release);
    }
}

// SAFETY: a mark is stored, then fenced, before the source is read again; slots are cleared only by their owner.
unsafe impl Strand for HostStrand {
    // Threads can be preempted anywhere, and nobody waits until each was outside all raises.
    const DIRECT_KERNEL_HANDLERS: bool = false;

    fn now() -> u64 {
        0
    }
    fn executor() -> &'static dyn Executor {
        struct N;
        impl Executor for N {
            fn wake(&self) {}
            fn make_room(&self) -> bool {
                false
            }
        }
        &N
    }

    unsafe fn cross(&self, source: &AtomicPtr<Callee>, callee: *mut Callee, frame: *mut ()) -> Crossed {
        self.push(callee.cast());
        let held = source.load(Ordering::Acquire) == callee;
        if held {
            // SAFETY: it is marked and was still held after that, so it stays (INV-DISP-4).
            let callee = unsafe { &*callee };
            callee.count_call(self.slot());
            // SAFETY: whoever made the handler vouched for the call.
            unsafe { callee.enter(frame) };
        }
        self.pop();
        if held { Crossed::Returned } else { Crossed::Stale }
    }

    unsafe fn mark(&self, mark: &Mark) {
        self.push(mark.word.get());
    }

    unsafe fn unmark(&self, _mark: &Mark) {
        self.pop();
    }

    fn offender(&self) -> Owner {
        unreachable!("a handler that faults ends the process: nothing here reports `Faulted`")
    }
}

// SAFETY: `barrier` fences against every reader's fence; `is_marked` reads every slot of every live thread.
unsafe impl Grace for HostGrace {
    fn barrier(&self) {
        fence(Ordering::SeqCst);
    }

    fn is_marked(&self, word: *const ()) -> bool {
        let records = RECORDS.lock().unwrap_or_else(PoisonError::into_inner);
        let mut slots = records.iter().flat_map(|record| &record.marks);
        slots.any(|slot| slot.load(Ordering::Acquire).cast_const() == word)
    }

    fn inside_raise(&self) -> bool {
        HostStrand::with_current(|strand| strand.depth.get() > 0)
    }
}
