//! Reading what somebody may be replacing: marked first, then read again, then used.

use super::owned::Owned;
use super::strand::{Mark, Strand};
use crate::event::EventCore;
use crate::sync::{AtomicPtr, Ordering};
use crate::table::{Descriptor, EMPTY, Table, tagged};
use core::ptr::{self, NonNull};
use core::sync::atomic::compiler_fence;

impl EventCore {
    /// Runs `f` on the current table, marked so that it stays.
    #[inline(always)]
    pub(crate) fn with_table<S: Strand, R>(&self, strand: &S, f: impl FnOnce(&Table) -> R) -> R {
        let mark = Mark::new();
        with_marked(&self.table, strand, &mark, |word| f(follow(&word)))
    }

    /// The current table as whoever holds the writers' lock sees it.
    pub(crate) fn current(&self) -> &Table {
        // SAFETY: only the holder of the writers' lock replaces or retires tables (INV-DISP-6), and no swap is under way.
        unsafe { self.table.load(Ordering::Acquire).as_ref() }.unwrap_or(&EMPTY)
    }

    /// Puts a table in, or none; returns the one that was there. For the holder of the writers' lock.
    pub(crate) fn put_table(&self, new: Option<Owned<Table>>) -> Option<Owned<Table>> {
        self.put(new.map_or(ptr::null_mut(), |table| table.publish().as_ptr()))
    }

    /// Puts a descriptor in, which stays its owner's; returns the table that was there. For the holder of the writers' lock.
    pub(crate) fn put_descriptor(&self, new: &Owned<Descriptor>) -> Option<Owned<Table>> {
        self.put(tagged(new.pointer().as_ptr()))
    }

    fn put(&self, new: *mut Table) -> Option<Owned<Table>> {
        let old = NonNull::new(self.table.swap(new, Ordering::AcqRel))?;
        // SAFETY: an even word is a published table, which leaves its event once; it is dropped as part of a batch (INV-DISP-4).
        (old.addr().get() & 1 == 0).then(|| unsafe { Owned::retired(old) })
    }
}

/// Runs `f` on what `source` holds, marked from before it is read again until `f` is done.
#[inline(always)]
pub(super) fn with_marked<T, S: Strand, R>(
    source: &AtomicPtr<T>,
    strand: &S,
    mark: &Mark,
    f: impl FnOnce(*mut T) -> R,
) -> R {
    let marked = Marked { strand, mark };
    let mut word = source.load(Ordering::Acquire);
    loop {
        mark.word.set(word.cast_const().cast());
        // SAFETY: `mark` outlives `marked`, whose drop unmarks it; drops run newest first.
        unsafe { strand.mark(mark) };
        compiler_fence(Ordering::SeqCst);
        let again = source.load(Ordering::Acquire);
        if again == word {
            break;
        }
        // SAFETY: it is the newest mark: the one made just above.
        unsafe { strand.unmark(mark) };
        word = again;
    }
    let result = f(word);
    drop(marked);
    result
}

/// The table behind a marked word.
#[inline(always)]
fn follow(word: &*mut Table) -> &Table {
    let mut table = word.cast_const();
    if table.addr() & 1 != 0 {
        table = chosen(table);
    }
    // SAFETY: null means no bindings; any other table is kept by the mark on it or on its descriptor.
    unsafe { table.as_ref() }.unwrap_or(&EMPTY)
}

/// The table that a descriptor stands for at this moment.
#[cold]
fn chosen(word: *const Table) -> *const Table {
    let descriptor = word.map_addr(|address| address & !1).cast::<Descriptor>();
    // SAFETY: an odd word is a descriptor's, which the mark keeps (INV-DISP-4).
    let descriptor = unsafe { &*descriptor };
    // SAFETY: the status word lives as long as any descriptor of its swap.
    let is_flipped = unsafe { &*descriptor.status }.load(Ordering::Acquire);
    if is_flipped { descriptor.new } else { descriptor.old }
}

struct Marked<'a, S: Strand> {
    strand: &'a S,
    mark: &'a Mark,
}

impl<S: Strand> Drop for Marked<'_, S> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: `with_marked` left the mark made, and marks made since were taken away.
        unsafe { self.strand.unmark(self.mark) };
    }
}
