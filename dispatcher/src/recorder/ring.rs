//! A ring of entries that anybody may write at any time.
//!
//! # Concepts
//! A writer draws a ticket, which says in which place it writes, and claims that place by its turn:
//!
//! ```text
//!  turn 2 (t - n) + 2 ── claimed ──> 2t + 1 ── words written ──> 2t + 2        n places, ticket t
//!  entry of one lap ago             nobody reads it             entry t, until ticket t + n comes round
//! ```
//!
//! Whoever finds its place in the hands of a writer that was left in the middle a whole lap ago, or was itself
//! overtaken by a whole lap, gives its entry up, and that is counted. Readers skip what is being written.
//!
//! # Invariants
//! - `INV-DISP-30`: a place's words are written only between the compare-and-swap to an odd turn and the store of
//!   the next even one, by whoever did the former; they count as read only if the turn was the same even one before
//!   and after.

use super::{Entry, What};
use crate::raw::reference::Reference;
use crate::sync::{AtomicU64, Ordering, const_unless_loom, fence};
use crate::{BindingId, EventCore, Owner};

/// A ring of the last `N` entries.
pub(super) struct Ring<const N: usize> {
    pub(super) next_ticket: AtomicU64,
    given_up: AtomicU64,
    places: [Place; N],
}

/// Where one entry lies.
pub(super) struct Place {
    pub(super) turn: AtomicU64,
    time: AtomicU64,
    event: Reference<EventCore>,
    binding: AtomicU64,
    owner_and_what: AtomicU64,
}

impl<const N: usize> Ring<N> {
    #[cfg(not(loom))]
    pub(super) const fn new() -> Self {
        let places = [const { Place::new() }; N];
        Self { next_ticket: AtomicU64::new(0), given_up: AtomicU64::new(0), places }
    }

    #[cfg(loom)]
    pub(super) fn new() -> Self {
        let places = core::array::from_fn(|_| Place::new());
        Self { next_ticket: AtomicU64::new(0), given_up: AtomicU64::new(0), places }
    }

    /// Writes an entry, unless its place is in use.
    pub(super) fn record(&self, entry: Entry) {
        let ticket = self.next_ticket.fetch_add(1, Ordering::Relaxed);
        if !self.place(ticket).write(ticket, entry) {
            self.given_up.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The last entries, the newest first.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry> {
        let end = self.next_ticket.load(Ordering::Acquire);
        let start = end.saturating_sub(N as u64);
        (start..end).rev().filter_map(|ticket| self.place(ticket).read(ticket))
    }

    /// How often a writer gave up its entry.
    pub(super) fn given_up(&self) -> u64 {
        self.given_up.load(Ordering::Relaxed)
    }

    pub(super) fn place(&self, ticket: u64) -> &Place {
        &self.places[(ticket % N as u64) as usize]
    }
}

impl Place {
    const_unless_loom! {
        fn new() -> Self {
            Self {
                turn: AtomicU64::new(0),
                time: AtomicU64::new(0),
                event: Reference::none(),
                binding: AtomicU64::new(0),
                owner_and_what: AtomicU64::new(0),
            }
        }
    }

    /// Writes the entry of `ticket`, unless the place is in somebody's hands or already further.
    pub(super) fn write(&self, ticket: u64, entry: Entry) -> bool {
        let writing = 2 * ticket + 1;
        let turn = self.turn.load(Ordering::Relaxed);
        let is_free = turn.is_multiple_of(2) && turn < writing;
        // Acquires the words of the writer before, so that these come after them.
        let claim = || self.turn.compare_exchange(turn, writing, Ordering::Acquire, Ordering::Relaxed);
        if !is_free || claim().is_err() {
            return false;
        }
        // Whoever reads one of the words below finds, after its own fence, the odd turn or a later one.
        fence(Ordering::Release);
        self.time.store(entry.time, Ordering::Relaxed);
        self.event.set(entry.event);
        self.binding.store(entry.binding.0, Ordering::Relaxed);
        self.owner_and_what.store(u64::from(entry.owner.0) << 32 | entry.what as u64, Ordering::Relaxed);
        self.turn.store(writing + 1, Ordering::Release);
        true
    }

    /// Reads the entry of `ticket`, if it is there, whole.
    fn read(&self, ticket: u64) -> Option<Entry> {
        let written = 2 * ticket + 2;
        if self.turn.load(Ordering::Acquire) != written {
            return None;
        }
        let time = self.time.load(Ordering::Relaxed);
        let event = self.event.get();
        let binding = BindingId(self.binding.load(Ordering::Relaxed));
        let owner_and_what = self.owner_and_what.load(Ordering::Relaxed);
        fence(Ordering::Acquire);
        if self.turn.load(Ordering::Relaxed) != written {
            return None;
        }
        let owner = Owner((owner_and_what >> 32) as u32);
        let what = *What::ALL.get(owner_and_what as u32 as usize)?;
        Some(Entry { time, event: event?, binding, owner, what })
    }
}
