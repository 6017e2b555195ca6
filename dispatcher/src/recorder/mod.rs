//! The flight recorder: what happened last, at which event, to whom, when.
//!
//! # Interface
//! The dispatcher notes what is rare always, and every raise while [`set_recording`](crate::observe::set_recording)
//! says so. To see it, call [`recorded`].
//!
//! # Locking
//! None: writers and readers may interrupt one another anywhere, and wait for nobody (see `ring`).

mod entry;
mod ring;
#[cfg(test)]
mod tests;

pub use entry::{Entry, What};

use crate::{BindingId, EventCore, Owner};
use ring::Ring;

/// How many entries are kept.
#[cfg(not(loom))]
const ENTRIES: usize = 256;

#[cfg(not(loom))]
static RECORDER: Ring<ENTRIES> = Ring::new();
#[cfg(loom)]
loom::lazy_static! { static ref RECORDER: Ring<2> = Ring::new(); }

/// Notes that something happened. O(1); usable in interrupts.
pub(crate) fn record(time: u64, event: &'static EventCore, binding: BindingId, owner: Owner, what: What) {
    #[cfg(loom)]
    if !crate::is_recording() {
        // Models that do not look at the recorder are spared its steps.
        return;
    }
    RECORDER.record(Entry { time, event, binding, owner, what });
}

/// What happened last, the newest first; at most 256. Takes no lock and allocates nothing.
///
/// What happens meanwhile is not shown, and takes the place of the oldest.
pub fn recorded() -> impl Iterator<Item = Entry> {
    RECORDER.entries()
}

/// How many entries were given up since the start, because their place was being written.
pub fn unrecorded() -> u64 {
    RECORDER.given_up()
}
