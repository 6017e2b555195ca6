//! The flight recorder: what happened last, at which event, to whom, when.
//!
//! # Concepts
//! A ring of [`ENTRIES`] entries in a static, each a few atomic words. A writer draws a ticket, which says in which entry it writes, and
//! claims that entry by its turn:
//!
//! ```text
//!  turn 2t - 2n + 2 ── claimed ──> 2t + 1 ── words written ──> 2t + 2        n entries, ticket t
//!  entry of one lap ago            nobody reads it             entry t, until ticket t + n comes round
//! ```
//!
//! # Invariants
//! - `INV-DISP-30`: an entry's words are written only between the compare-and-swap to an odd turn and the store of the next even one,
//!   by whoever did the former; they count as read only if the turn was the same even one before and after.
//!
//! # Locking
//! None. Writers may interrupt one another anywhere and wait for nobody: whoever finds its entry in the hands of a writer that was
//! left in the middle a whole lap ago, or was itself overtaken by a whole lap, gives up its entry, and that is counted. Readers skip
//! what is being written.

use crate::raw::reference::Reference;
use crate::sync::{AtomicU64, Ordering, fence};
use crate::{BindingId, EventCore, Owner};

/// How many entries are kept.
pub const ENTRIES: usize = 256;

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When, in units of [`Strand::now`](crate::Strand::now).
    pub time: u64,
    /// At which event.
    pub event: &'static EventCore,
    /// To which binding; [`BindingId::NONE`] if to the event as a whole.
    pub binding: BindingId,
    /// Whose binding that is, or who is meant.
    pub owner: Owner,
    /// What.
    pub what: What,
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A handler ran.
    Ran,
    /// A guard kept a raise from a handler, or discarded what it did.
    Rejected,
    /// A handler or guard was abandoned.
    Faulted,
    /// A handler or guard was in use by another strand.
    Busy,
    /// A raise waits for its asynchronous handler.
    Queued,
    /// A raise that waited, or should have, will not be delivered.
    Dropped,
    /// A raise wanted an answer and nobody gave one.
    NoHandler,
    /// A binding was installed.
    Installed,
    /// A binding was uninstalled.
    Uninstalled,
    /// The event's bindings were changed together with others.
    Swapped,
    /// A guard was imposed.
    Imposed,
    /// An imposed guard was lifted.
    Lifted,
    /// The owner's handlers are called no more.
    Disabled,
}

impl What {
    const ALL: [Self; 13] = [
        Self::Ran,
        Self::Rejected,
        Self::Faulted,
        Self::Busy,
        Self::Queued,
        Self::Dropped,
        Self::NoHandler,
        Self::Installed,
        Self::Uninstalled,
        Self::Swapped,
        Self::Imposed,
        Self::Lifted,
        Self::Disabled,
    ];

    /// It, as a listing says it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Ran => "ran",
            Self::Rejected => "rejected",
            Self::Faulted => "faulted",
            Self::Busy => "busy",
            Self::Queued => "queued",
            Self::Dropped => "dropped",
            Self::NoHandler => "no handler",
            Self::Installed => "installed",
            Self::Uninstalled => "uninstalled",
            Self::Swapped => "swapped",
            Self::Imposed => "imposed",
            Self::Lifted => "lifted",
            Self::Disabled => "disabled",
        }
    }
}

#[cfg(not(loom))]
static RECORDER: Recorder<ENTRIES> = Recorder::new();
#[cfg(loom)]
loom::lazy_static! { static ref RECORDER: Recorder<2> = Recorder::new(); }

/// Notes that something happened. O(1); usable in interrupts.
pub(crate) fn record(time: u64, event: &'static EventCore, binding: BindingId, owner: Owner, what: What) {
    RECORDER.record(Entry { time, event, binding, owner, what });
}

/// What happened last, the newest first; at most [`ENTRIES`]. Takes no lock and allocates nothing.
///
/// What happens meanwhile is not shown, and takes the place of the oldest.
pub fn recorded() -> impl Iterator<Item = Entry> {
    RECORDER.entries()
}

/// How many entries were given up since the start, because their place was being written.
pub fn unrecorded() -> u64 {
    RECORDER.given_up.load(Ordering::Relaxed)
}

/// A ring of the last `N` entries.
struct Recorder<const N: usize> {
    next_ticket: AtomicU64,
    given_up: AtomicU64,
    places: [Place; N],
}

/// Where one entry lies.
struct Place {
    turn: AtomicU64,
    time: AtomicU64,
    event: Reference<EventCore>,
    binding: AtomicU64,
    owner_and_what: AtomicU64,
}

impl<const N: usize> Recorder<N> {
    #[cfg(not(loom))]
    const fn new() -> Self {
        let places = [const { Place::new() }; N];
        Self { next_ticket: AtomicU64::new(0), given_up: AtomicU64::new(0), places }
    }

    #[cfg(loom)]
    fn new() -> Self {
        let places = core::array::from_fn(|_| Place::new());
        Self { next_ticket: AtomicU64::new(0), given_up: AtomicU64::new(0), places }
    }

    fn record(&self, entry: Entry) {
        let ticket = self.next_ticket.fetch_add(1, Ordering::Relaxed);
        if !self.place(ticket).write(ticket, entry) {
            self.given_up.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn entries(&self) -> impl Iterator<Item = Entry> {
        let end = self.next_ticket.load(Ordering::Acquire);
        let start = end.saturating_sub(N as u64);
        (start..end).rev().filter_map(|ticket| self.place(ticket).read(ticket))
    }

    fn place(&self, ticket: u64) -> &Place {
        &self.places[(ticket % N as u64) as usize]
    }
}

impl Place {
    crate::sync::const_unless_loom! {
        pub(crate) fn new() -> Self {
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
    fn write(&self, ticket: u64, entry: Entry) -> bool {
        let writing = 2 * ticket + 1;
        let turn = self.turn.load(Ordering::Relaxed);
        let is_free = turn % 2 == 0 && turn < writing;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Event;
    use crate::host::HostStrand;
    use spindle_abi::{Declaration, EventSpec, Key, KeyField};
    use std::thread;
    use std::vec::Vec;

    struct Nothing;

    // SAFETY: no other event has this declaration.
    #[allow(unsafe_code, reason = "a test declares an event by hand")]
    unsafe impl EventSpec for Nothing {
        const DECLARATION: &'static Declaration =
            &Declaration::new("recorder.Nothing", "event recorder.Nothing()");
        const KEYS: &'static [KeyField] = &[];
        type Frame<'a> = ();
        type Result = ();
        const RETURNS: bool = false;

        fn result<'a>(frame: &'a mut ()) -> &'a mut () {
            frame
        }

        fn key<'a>(_: &'a (), _: usize) -> Key<'a> {
            unreachable!("no key fields")
        }
    }

    static EVENTS: [Event<Nothing, HostStrand>; 2] = [const { Event::new() }; 2];

    /// An entry whose words all follow from one number, so that a torn one would show.
    fn entry(number: u64) -> Entry {
        Entry {
            time: number,
            event: EVENTS[(number % 2) as usize].core(),
            binding: BindingId(number.wrapping_mul(3)),
            owner: Owner(number as u32),
            what: What::ALL[(number % 13) as usize],
        }
    }

    fn times<const N: usize>(recorder: &Recorder<N>) -> Vec<u64> {
        recorder.entries().map(|entry| entry.time).collect()
    }

    #[test]
    fn the_newest_come_first_and_push_the_oldest_out() {
        let recorder = Recorder::<4>::new();
        assert_eq!(times(&recorder), []);
        (1..=3).for_each(|number| recorder.record(entry(number)));
        assert_eq!(times(&recorder), [3, 2, 1]);
        (4..=10).for_each(|number| recorder.record(entry(number)));
        assert_eq!(recorder.entries().collect::<Vec<_>>(), [10, 9, 8, 7].map(entry));
        assert_eq!(recorder.given_up.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn a_writer_left_in_the_middle_costs_its_own_place_and_holds_up_nobody() {
        let recorder = Recorder::<4>::new();
        recorder.record(entry(1));
        // As an interrupt would find a writer that drew its ticket and claimed its place.
        let ticket = recorder.next_ticket.fetch_add(1, Ordering::Relaxed);
        recorder.place(ticket).turn.store(2 * ticket + 1, Ordering::Relaxed);
        (2..=6).for_each(|number| recorder.record(entry(number)));
        assert_eq!(times(&recorder), [6, 4, 3], "5 would have been where that writer is");
        assert_eq!(recorder.given_up.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_writer_overtaken_by_a_lap_gives_up() {
        let recorder = Recorder::<2>::new();
        let ticket = recorder.next_ticket.fetch_add(1, Ordering::Relaxed);
        (1..=2).for_each(|number| recorder.record(entry(number)));
        assert!(!recorder.place(ticket).write(ticket, entry(0)), "its place holds a younger entry");
        assert_eq!(times(&recorder), [2, 1]);
    }

    #[test]
    fn readers_never_see_a_torn_entry_while_threads_write() {
        const WRITERS: u64 = 3;
        const EACH: u64 = 50_000;
        let recorder = Recorder::<8>::new();
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let recorder = &recorder;
                scope.spawn(move || (0..EACH).for_each(|n| recorder.record(entry(n * WRITERS + writer))));
            }
            let mut seen = 0_u64;
            while recorder.next_ticket.load(Ordering::Relaxed) < WRITERS * EACH {
                for found in recorder.entries() {
                    assert_eq!(found, entry(found.time), "torn");
                    seen += 1;
                }
            }
            assert!(seen > 0, "readers see something meanwhile");
        });
        let given_up = recorder.given_up.load(Ordering::Relaxed);
        assert!(given_up < WRITERS * EACH, "most are written: {given_up} were not");
        assert!(recorder.entries().count() <= 8);
    }

    #[test]
    fn everything_has_words_of_its_own_and_its_place() {
        let mut words: Vec<_> = What::ALL.iter().map(|what| what.in_words()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), What::ALL.len());
        assert!(What::ALL.iter().enumerate().all(|(place, what)| place == *what as usize));
    }
}
