//! What the dispatcher asks of the system that it runs in: strands that can be marked, and a way to scan them.
//!
//! # Concepts
//! A raise *marks* what it uses (a table, or a binding) on its own strand, in plain words that only that strand
//! writes. Whoever retires a table or binding first takes it out of reach, then makes every processor's earlier
//! marks visible ([`Grace::barrier`]), and then looks for marks ([`Grace::is_marked`]).

use crate::{Binding, Owner};
use core::cell::Cell;
use core::ptr;
use core::sync::atomic::AtomicPtr;

/// How a crossing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossed {
    /// The handler returned.
    Returned,
    /// The handler faulted and was abandoned.
    Faulted,
    /// The source no longer named the binding; nothing was called.
    Stale,
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

    /// Marks `binding`, reads `source` again, and calls the handler if it still holds `binding`.
    ///
    /// # Safety
    /// `source` held `binding`; a binding found in its source is valid while marked; `frame` is of the event.
    unsafe fn cross(&self, source: &AtomicPtr<Binding>, binding: *mut Binding, frame: *mut ()) -> Crossed;

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

    /// Who owned the handler that last faulted on this strand.
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
