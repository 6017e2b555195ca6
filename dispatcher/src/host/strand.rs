//! The strand of a thread, and all of them.
//!
//! ```text
//!  HostStrand, of its thread alone        Record, read by writers
//!  ┌ record ───┐                          ┌ depth = 2  ┐
//!  │ limit     │────────────────────────> │ table of A │ the outer raise
//!  └ slot ...  ┘                          │ callee X   │ its handler, which raises again
//!                                         │ (anything) │ from here on nothing counts
//!                                         └ ...        ┘ MAX_DEPTH
//! ```

use super::barrier;
use super::slots::Slot;
use core::array;
use core::cell::Cell;
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering, compiler_fence, fence};
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
    /// From which depth on raising needs more than the shortest way: [`MAX_DEPTH`], or 0 if it always does.
    limit: usize,
    slot: Slot,
    /// Whether it fences for itself (see `barrier`).
    fences: bool,
    is_delivering: Cell<bool>,
}

/// What a thread's raises use. Its own thread writes, first a mark and then the depth; others read, first the depth.
#[derive(Debug)]
struct Record {
    /// How many of the marks count.
    depth: AtomicUsize,
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

    pub(super) fn new(fences: bool) -> Self {
        let marks = array::from_fn(|_| AtomicPtr::new(ptr::null_mut()));
        let record = Arc::new(Record { depth: AtomicUsize::new(0), marks, is_over: AtomicBool::new(false) });
        let mut records = RECORDS.lock().unwrap_or_else(PoisonError::into_inner);
        records.retain(|record| !record.is_over.load(Ordering::Acquire));
        records.push(Arc::clone(&record));
        let slot = Slot::take();
        let limit = if fences || slot.is_shared() { 0 } else { MAX_DEPTH };
        Self { record, limit, slot, fences, is_delivering: Cell::new(false) }
    }

    /// Marks `word` in the shortest way; what is read from here on is read after the mark was made (INV-HOST-2).
    /// Returns what `pop` takes; `None`, and no mark, if the strand needs `push_with_care`.
    #[inline(always)]
    pub(crate) fn push(&self, word: *const ()) -> Option<usize> {
        let depth = self.depth();
        if depth >= self.limit {
            return None;
        }
        self.write(depth, word);
        compiler_fence(Ordering::SeqCst);
        Some(depth)
    }

    /// As `push`, whatever the strand needs.
    ///
    /// # Panics
    /// If more than [`MAX_DEPTH`] marks are made: raises that never end were nested.
    #[cold]
    pub(crate) fn push_with_care(&self, word: *const ()) -> usize {
        let depth = self.depth();
        assert!(depth < MAX_DEPTH, "raises nest too deep: they use more than {MAX_DEPTH} things at once");
        self.write(depth, word);
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
        self.record.depth.store(depth, Ordering::Release);
    }

    /// How many marks there are.
    #[inline(always)]
    pub(crate) fn depth(&self) -> usize {
        self.record.depth.load(Ordering::Relaxed)
    }

    #[inline(always)]
    fn write(&self, depth: usize, word: *const ()) {
        // The depth is below the limit already; this spares a second comparison. Whoever reads this mark has seen the
        // use of the one that was here end.
        self.record.marks[depth % MAX_DEPTH].store(word.cast_mut(), Ordering::Release);
        self.record.depth.store(depth + 1, Ordering::Release);
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
        records.iter().any(|record| record.has_mark(word))
    }
}

impl Record {
    fn has_mark(&self, word: *const ()) -> bool {
        let depth = self.depth.load(Ordering::Acquire);
        self.marks.iter().take(depth).any(|mark| mark.load(Ordering::Acquire).cast_const() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Strand;

    /// Marks that stand while other threads look for them, on strands that fence in either way.
    #[test]
    fn a_mark_is_found_while_it_stands_and_no_longer() {
        for fences in [false, true] {
            let strand = HostStrand::new(fences);
            let words: [u64; 3] = [0; 3];
            let [outer, inner, other] = words.each_ref().map(|word| ptr::from_ref(word).cast::<()>());
            let depth = strand.push_with_care(outer);
            let above = strand.push_with_care(inner);
            HostGrace.wait_for_all();
            assert_eq!([outer, inner, other].map(|word| HostGrace.has_mark(word)), [true, true, false]);
            strand.pop(above);
            assert_eq!([outer, inner, other].map(|word| HostGrace.has_mark(word)), [true, false, false]);
            assert_eq!(strand.push_with_care(other), above, "the place is used again");
            assert_eq!([outer, inner, other].map(|word| HostGrace.has_mark(word)), [true, false, true]);
            strand.pop(above);
            strand.pop(depth);
            assert_eq!(strand.depth(), 0);
        }
    }

    #[test]
    fn a_strand_that_fences_takes_no_short_way() {
        let strand = HostStrand::new(true);
        assert_eq!(strand.push(ptr::null()), None);
        assert_eq!((strand.depth(), strand.push_with_care(ptr::null())), (0, 0));
    }

    #[test]
    #[should_panic(expected = "nest too deep")]
    fn raises_that_nest_for_ever_end_in_a_panic() {
        let strand = HostStrand::new(false);
        for _ in 0..=MAX_DEPTH {
            strand.push_with_care(ptr::null());
        }
    }

    #[test]
    fn a_thread_that_has_ended_marks_nothing() {
        let word = 0_u64;
        let address = ptr::from_ref(&word).addr();
        let mark = move || {
            HostStrand::with_current(|strand| {
                strand.push_with_care(ptr::without_provenance(address));
                HostGrace.has_mark(ptr::without_provenance(address))
            })
        };
        assert_eq!(std::thread::spawn(mark).join().ok(), Some(true));
        // Records of threads that have ended go when the next one begins.
        let _next = HostStrand::new(false);
        assert!(!HostGrace.has_mark(ptr::without_provenance(address)));
        assert!(HostStrand::with_current(Strand::slot) < super::super::SLOTS);
    }
}
