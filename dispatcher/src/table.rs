//! The immutable table of bindings that an event points to, and the descriptor that stands in for it in a swap.
//!
//! ```text
//!   EventCore.table ──> Table                 no swap: an even address, or null for no bindings
//!   EventCore.table ──> Descriptor | 1        in a swap: old and new table, and the one status word
//!                         old ──> Table
//!                         new ──> Table
//!                         status ──> false: follow old; true: follow new
//! ```

use crate::binding::Binding;
use crate::owned::Owned;
use crate::strand::{Mark, Strand};
use alloc::vec::Vec;
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicBool, AtomicPtr, Ordering, compiler_fence};

/// The bindings of one event in the order in which they are called.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) bindings: Vec<NonNull<Binding>>,
}

static EMPTY: Table = Table { bindings: Vec::new() };

// SAFETY: a table is immutable once published; its bindings are `Sync` but for the two words that it never writes.
unsafe impl Sync for Table {}

impl Table {
    /// The bindings, first called first.
    pub(crate) fn bindings(&self) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().map(|binding| {
            // SAFETY: INV-DISP-4: a table that can be read keeps its bindings.
            unsafe { binding.as_ref() }
        })
    }
}

impl Owned<Table> {
    /// `None` for a table without bindings, in place of which an event holds null.
    pub(crate) fn unless_empty(self) -> Option<Self> {
        (!self.bindings.is_empty()).then_some(self)
    }
}

/// Two tables of one event, of which the status word of the swap says which counts.
#[derive(Debug)]
#[repr(align(2))]
pub(crate) struct Descriptor {
    pub(crate) old: *const Table,
    pub(crate) new: *const Table,
    pub(crate) status: *const AtomicBool,
}

/// The word that an event holds while `descriptor` stands in for its table.
pub(crate) fn tagged(descriptor: *const Descriptor) -> *mut Table {
    descriptor.map_addr(|address| address | 1).cast::<Table>().cast_mut()
}

/// Runs `f` on the table that `source` leads to, marked from before it is read again until `f` is done.
pub(crate) fn with_marked<S: Strand, R>(
    source: &AtomicPtr<Table>,
    strand: &S,
    mark: &Mark,
    f: impl FnOnce(&Table) -> R,
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
    let result = f(follow(&word));
    drop(marked);
    result
}

/// The table behind a marked word.
fn follow(word: &*mut Table) -> &Table {
    let mut table = word.cast_const();
    if table.addr() & 1 != 0 {
        let descriptor = table.map_addr(|address| address & !1).cast::<Descriptor>();
        // SAFETY: an odd word is a descriptor's, which the mark keeps (INV-DISP-4).
        let descriptor = unsafe { &*descriptor };
        // SAFETY: the status word lives as long as any descriptor of its swap.
        let flipped = unsafe { &*descriptor.status }.load(Ordering::Acquire);
        table = if flipped { descriptor.new } else { descriptor.old };
    }
    // SAFETY: null means no bindings; any other table is kept by the mark on it or on its descriptor.
    unsafe { table.as_ref() }.unwrap_or(&EMPTY)
}

struct Marked<'a, S: Strand> {
    strand: &'a S,
    mark: &'a Mark,
}

impl<S: Strand> Drop for Marked<'_, S> {
    fn drop(&mut self) {
        // SAFETY: the loop above left the mark made, and marks made since were taken away.
        unsafe { self.strand.unmark(self.mark) };
    }
}

/// The published table as whoever holds the writers' lock sees it.
pub(crate) fn current(source: &AtomicPtr<Table>) -> &Table {
    // SAFETY: only the holder of the writers' lock replaces or retires tables, and no swap is under way.
    unsafe { ptr::NonNull::new(source.load(Ordering::Acquire)).map_or(&EMPTY, |table| table.as_ref()) }
}
