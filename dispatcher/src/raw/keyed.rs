//! The short way of a raise by one key: the entry of events whose handlers all ask for values of the same field.
//!
//! # Concepts
//! ```text
//!  one key read ─> slot of the table ─┬─ one handler asks for it, of the kernel and not asynchronous ─> guard? ─> call
//!                                     ├─ nobody does ─> as when no handler ran
//!                                     └─ anything else ─> the general path, from its beginning
//! ```
//! What comes of a raise is what the general path would have made of it. Here there is one handler at most, so that there is nothing
//! to merge and nothing to fold; and nothing is watched, or the event would have another entry.

use super::dispatch::{finish_unheard, general_of, wants_answer};
use super::step::{Step, Taken};
use super::strand::Strand;
use crate::event::EventCore;
use crate::outcome::Outcome;
use crate::table::Table;
use spindle_abi::{EventSpec, Key};

/// The entry of an event whose handlers are found by one key field.
///
/// # Safety
/// As for [`general`](super::dispatch::general).
pub(crate) unsafe extern "C" fn keyed<E: EventSpec, S: Strand>(
    event: *const EventCore,
    frame: *mut (),
    strand: *const (),
) -> u64 {
    // SAFETY: only events that are static are raised.
    let event: &'static EventCore = unsafe { &*event };
    // SAFETY: raise passes its own `strand`, of type `S`.
    let strand = unsafe { &*strand.cast::<S>() };
    event.with_table(strand, |table| {
        // SAFETY: the caller's promise; the table is marked.
        match unsafe { offer::<E, S>(table, strand, frame) } {
            Offered::Handled => Outcome::Handled.word(),
            Offered::Nobody if !wants_answer::<E>() && table.default.is_none() => Outcome::Handled.word(),
            // SAFETY: as above.
            Offered::Nobody => unsafe { finish_unheard::<E, S>(event, table, strand, frame) },
            // SAFETY: as above.
            Offered::Unsure => unsafe { general_of::<E, S>(event, table, strand, frame) },
        }
    })
}

/// What came of the short way.
enum Offered {
    Handled,
    /// No handler ran, or the one that did passed the raise on.
    Nobody,
    /// Nothing has happened yet: the general path must look.
    Unsure,
}

/// Calls the one handler that asks for the key of `frame`.
///
/// # Safety
/// The table is a marked one of an event of `E`, `frame` one of the event that nobody else uses.
#[inline(always)]
unsafe fn offer<E: EventSpec, S: Strand>(table: &Table, strand: &S, frame: *mut ()) -> Offered {
    let Some(flat) = table.index.sole() else { return Offered::Unsure };
    // SAFETY: the caller's promise; the key is gone before the handler has the frame.
    let key = E::key(unsafe { &*frame.cast::<E::Frame<'_>>() }, flat.field());
    let position = match flat.run(key) {
        [] => return Offered::Nobody,
        [position] => *position as usize,
        _ => return Offered::Unsure,
    };
    let Some(step) = table.steps.get(position) else { return Offered::Unsure };
    // SAFETY: as above.
    let initial = *E::result(unsafe { &mut *frame.cast::<E::Frame<'_>>() });
    let taken = match step.bare() {
        Some(enter) => {
            // SAFETY: as above; the code is the step's, which has no guard.
            unsafe { step.run::<S>(enter, frame, strand.slot()) };
            Taken::Ran
        }
        // SAFETY: as above.
        None => unsafe { ask(step, key, strand, frame) },
    };
    match taken {
        Taken::Look => return Offered::Unsure,
        Taken::Rejected => return Offered::Nobody,
        Taken::Ran => {}
    }
    // SAFETY: as above; the handler has returned.
    let frame = unsafe { &mut *frame.cast::<E::Frame<'_>>() };
    match Outcome::of_only_handler::<E>(frame, initial) {
        Outcome::Handled => Offered::Handled,
        _ => Offered::Nobody,
    }
}

/// Asks the guards of a step, and calls its handler if they hold.
///
/// Apart, so that the way without guards keeps in registers only what it needs itself.
///
/// # Safety
/// As for [`offer`]; the step is one of the table, `key` what it was found by.
#[inline(never)]
unsafe fn ask<S: Strand>(step: &Step, key: Key<'_>, strand: &S, frame: *mut ()) -> Taken {
    // SAFETY: the table keeps the binding.
    match unsafe { step.key() }.map(|guard| guard.holds_alone(key)) {
        // SAFETY: the caller's promise; the key guard holds.
        None | Some(Some(true)) => unsafe { step.take::<S>(frame, strand.slot()) },
        Some(Some(false)) => Taken::Rejected,
        Some(None) => Taken::Look,
    }
}
