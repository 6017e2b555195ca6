//! The ring alone: order, overrun, interrupted writers, threads.

use super::ring::Ring;
use super::{Entry, What};
use crate::host::HostStrand;
use crate::sync::Ordering;
use crate::{BindingId, Event, Owner};
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

    fn result(frame: &mut ()) -> &mut () {
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

fn times<const N: usize>(recorder: &Ring<N>) -> Vec<u64> {
    recorder.entries().map(|entry| entry.time).collect()
}

#[test]
fn the_newest_come_first_and_push_the_oldest_out() {
    let recorder = Ring::<4>::new();
    assert_eq!(times(&recorder), []);
    (1..=3).for_each(|number| recorder.record(entry(number)));
    assert_eq!(times(&recorder), [3, 2, 1]);
    (4..=10).for_each(|number| recorder.record(entry(number)));
    assert_eq!(recorder.entries().collect::<Vec<_>>(), [10, 9, 8, 7].map(entry));
    assert_eq!(recorder.given_up(), 0);
}

#[test]
fn a_writer_left_in_the_middle_costs_its_own_place_and_holds_up_nobody() {
    let recorder = Ring::<4>::new();
    recorder.record(entry(1));
    // As an interrupt would find a writer that drew its ticket and claimed its place.
    let ticket = recorder.next_ticket.fetch_add(1, Ordering::Relaxed);
    recorder.place(ticket).turn.store(2 * ticket + 1, Ordering::Relaxed);
    (2..=6).for_each(|number| recorder.record(entry(number)));
    assert_eq!(times(&recorder), [6, 4, 3], "5 would have been where that writer is");
    assert_eq!(recorder.given_up(), 1);
}

#[test]
fn a_writer_overtaken_by_a_lap_gives_up() {
    let recorder = Ring::<2>::new();
    let ticket = recorder.next_ticket.fetch_add(1, Ordering::Relaxed);
    (1..=2).for_each(|number| recorder.record(entry(number)));
    assert!(!recorder.place(ticket).write(ticket, entry(0)), "its place holds a younger entry");
    assert_eq!(times(&recorder), [2, 1]);
}

#[test]
fn readers_never_see_a_torn_entry_while_threads_write() {
    const WRITERS: u64 = 3;
    const EACH: u64 = 50_000;
    let recorder = Ring::<8>::new();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let recorder = &recorder;
            scope.spawn(move || (0..EACH).for_each(|n| recorder.record(entry(n * WRITERS + writer))));
        }
        loop {
            let is_over = recorder.next_ticket.load(Ordering::Relaxed) == WRITERS * EACH;
            recorder.entries().for_each(|found| assert_eq!(found, entry(found.time), "torn"));
            if is_over {
                break;
            }
        }
    });
    let given_up = recorder.given_up();
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
