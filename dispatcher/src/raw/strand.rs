//! What the dispatcher asks of the system that it runs in: strands that can be marked, and a way to scan them.
//!
//! # Concepts
//! A raise *marks* what it uses (a table, or a callee) on its own strand, in plain words that only that strand
//! writes. Whoever retires a table or callee first takes it out of reach, then makes every processor's earlier
//! marks visible ([`Grace::barrier`]), and then looks for marks ([`Grace::is_marked`]).

use super::callee::Callee;
use crate::sync::AtomicPtr;
use crate::{Executor, Owner};
use core::cell::Cell;
use core::ptr;

/// How a crossing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossed {
    /// The handler returned.
    Returned,
    /// The handler faulted and was abandoned.
    Faulted,
    /// The source no longer named the callee; nothing was called.
    Stale,
    /// The callee is in use by another strand, and takes one at a time; it was left as it is.
    Declined,
}

/// A word that a raise in progress depends on; lives on the stack of the strand that raises.
#[derive(Debug)]
pub struct Mark {
    /// The older mark of the same strand, for systems that keep them in a list.
    pub previous: Cell<*const Mark>,
    /// What is in use: the address of a table, tagged as the event holds it.
    pub word: Cell<*const ()>,
}

impl Mark {
    pub(crate) const fn new() -> Self {
        Self { previous: Cell::new(ptr::null()), word: Cell::new(ptr::null()) }
    }
}

/// A strand that can raise events.
///
/// # Safety
/// Implementations keep what their methods promise: the dispatcher frees memory by it.
pub unsafe trait Strand: Sized + 'static {
    /// Whether a single unguarded kernel handler may be called without any mark.
    ///
    /// `true` only where [`Grace`] waits until every strand has been outside all raises, or where changes and
    /// raises cannot overlap but for nesting. Such a handler must not be freed at all: it is kernel text.
    const DIRECT_KERNEL_HANDLERS: bool;

    /// In how many slots strands count (see [`Strand::slot`]), 1 to 64. Of several slots the last is shared.
    const SLOTS: usize = 1;

    /// The slot that the strand counts in, below [`Strand::SLOTS`]: no two strands that can run at the same time have the same,
    /// nor does what interrupts a strand, but for the last of several slots, in which everybody may count.
    fn slot(&self) -> usize {
        0
    }

    /// The time in any unit that never goes backwards.
    fn now() -> u64;

    /// Who runs what was queued.
    fn executor() -> &'static dyn Executor;

    /// Notes whether the strand is delivering what was queued, and returns whether it was: while it does,
    /// [`Executor::make_room`] has to refuse on it. An executor that always refuses need not know.
    fn replace_delivering(&self, _is_delivering: bool) -> bool {
        false
    }

    /// Marks `callee`, reads `source` again, and if it still holds `callee` counts the call ([`Callee::count_call`]) and makes it.
    ///
    /// # Safety
    /// `source` held `callee`; a callee found in its source is valid while marked; `frame` is what it takes.
    unsafe fn cross(&self, source: &AtomicPtr<Callee>, callee: *mut Callee, frame: *mut ()) -> Crossed;

    /// Makes `mark` visible to [`Grace::is_marked`] on any processor that later runs [`Grace::barrier`].
    ///
    /// # Safety
    /// `mark` stays where it is until [`Strand::unmark`]; marks nest.
    unsafe fn mark(&self, mark: &Mark);

    /// Takes the newest mark away.
    ///
    /// # Safety
    /// `mark` is the newest one that [`Strand::mark`] was given on this strand.
    unsafe fn unmark(&self, mark: &Mark);

    /// Who owned the callee that was last abandoned, or declined, on this strand.
    fn offender(&self) -> Owner;
}

/// The strands of the system, seen by whoever changes bindings.
///
/// # Safety
/// The dispatcher frees what `is_marked` denies after a `barrier`.
pub unsafe trait Grace {
    /// Returns when every mark that any processor made before is visible here, and every later read of an event
    /// anywhere sees what this strand wrote before.
    fn barrier(&self);

    /// Whether some strand has marked `word`, by [`Strand::mark`] or in a crossing.
    fn is_marked(&self, word: *const ()) -> bool;

    /// Whether the calling strand is inside a raise.
    fn inside_raise(&self) -> bool;
}
