//! The strand of a thread, and all of them.
//!
//! ```text
//!  HostStrand, of its thread alone        Record, read by writers
//!  ┌ depth = 2 ┐                          ┌ table of A ┐ the outer raise
//!  │ record ───┼────────────────────────> │ callee X   │ its handler, which raises again
//!  └ slot      ┘                          │ null       │
//!                                         └ ...        ┘ MAX_DEPTH
//! ```

use super::barrier;
use super::slots::Slot;
use core::array;
use core::cell::Cell;
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicPtr, Ordering, compiler_fence, fence};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread_local;
use std::vec::Vec;

/// How many things the raises of one thread may use at once: each that is nested in another uses up to two.
pub const MAX_DEPTH: usize = 64;

static RECORDS: Mutex<Vec<Arc<Record>>> = Mutex::new(Vec::new());

thread_local! {
    static CURRENT: HostStrand = HostStrand::new(barrier::is_symmetric());
}

/// The thread's strand.
#[derive(Debug)]
pub struct HostStrand {
    record: Arc<Record>,
    depth: Cell<usize>,
    slot: Slot,
    /// Whether it fences for itself (see `barrier`).
    fences: bool,
    is_delivering: Cell<bool>,
}

#[derive(Debug)]
struct Record {
    marks: [AtomicPtr<()>; MAX_DEPTH],
    is_over: AtomicBool,
}

/// All threads that have raised something.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostGrace;

impl HostStrand {
    /// Runs `f` with the calling thread's strand.
    ///
    /// # Panics
    /// In destructors of thread-local variables that run after the strand's own.
    pub fn with_current<R>(f: impl FnOnce(&Self) -> R) -> R {
        CURRENT.with(f)
    }

    fn new(fences: bool) -> Self {
        let marks = array::from_fn(|_| AtomicPtr::new(ptr::null_mut()));
        let record = Arc::new(Record { marks, is_over: AtomicBool::new(false) });
        let mut records = RECORDS.lock().unwrap_or_else(PoisonError::into_inner);
        records.retain(|record| !record.is_over.load(Ordering::Acquire));
        records.push(Arc::clone(&record));
        Self { record, depth: Cell::new(0), slot: Slot::take(), fences, is_delivering: Cell::new(false) }
    }

    /// Marks `word`; what is read from here on is read after the mark was made (INV-HOST-2). Returns what `pop`
    /// takes.
    ///
    /// # Panics
    /// If more than [`MAX_DEPTH`] marks are made: raises that never end were nested.
    #[inline(always)]
    pub(crate) fn push(&self, word: *const ()) -> usize {
        let depth = self.depth.get();
        let Some(mark) = self.record.marks.get(depth) else { too_deep() };
        mark.store(word.cast_mut(), Ordering::Relaxed);
        self.depth.set(depth + 1);
        if self.fences {
            fence(Ordering::SeqCst);
        } else {
            compiler_fence(Ordering::SeqCst);
        }
        depth
    }

    /// Takes the newest mark away, that made at `depth`: what it marked is used no more.
    #[inline(always)]
    pub(crate) fn pop(&self, depth: usize) {
        self.depth.set(depth);
        if let Some(mark) = self.record.marks.get(depth) {
            mark.store(ptr::null_mut(), Ordering::Release);
        }
    }

    /// How many marks there are.
    #[inline(always)]
    pub(crate) fn depth(&self) -> usize {
        self.depth.get()
    }

    /// Which of [`super::SLOTS`] lines it counts in.
    #[inline(always)]
    pub(crate) fn slot_index(&self) -> usize {
        self.slot.index()
    }

    /// Notes whether the thread is delivering; returns whether it was.
    pub(crate) fn replace_delivering(&self, is_delivering: bool) -> bool {
        self.is_delivering.replace(is_delivering)
    }

    pub(super) fn is_delivering(&self) -> bool {
        self.is_delivering.get()
    }
}

impl Drop for HostStrand {
    fn drop(&mut self) {
        self.record.is_over.store(true, Ordering::Release);
    }
}

impl HostGrace {
    pub(crate) fn wait_for_all(self) {
        barrier::wait_for_all();
    }

    /// Whether some thread has marked `word` before the last `wait_for_all`, or since.
    pub(crate) fn has_mark(self, word: *const ()) -> bool {
        let records = RECORDS.lock().unwrap_or_else(PoisonError::into_inner);
        let mut marks = records.iter().flat_map(|record| &record.marks);
        marks.any(|mark| mark.load(Ordering::Acquire).cast_const() == word)
    }
}

#[cold]
#[inline(never)]
fn too_deep() -> ! {
    panic!("raises nest too deep on this thread: they use more than {MAX_DEPTH} things at once")
}
