//! A swap over two events: a strand that has seen the new side of one never sees the old side of the other; no raise
//! goes unhandled and none is handled twice; what was old is over when the ticket says so.
//!
//! Seen to fail when, on purpose, two events were changed one after the other, without descriptors; the fast path was not left
//! before the flip; the status word was flipped with relaxed order, or not at all; descriptors were freed at once.

use crate::support::{Life, ModelStrand, SignalEvent, check_within, event, is_over, must_be_over, raise};
use loom::thread;
use spindle_dispatcher::{Handler, Installed, Swap};

/// Raises A and then B, while the handlers of both are replaced.
fn swap_while_raising(kind: fn(&'static Life) -> Handler, beside: bool) {
    let (a, b) = (event(), event());
    let old = [Life::new(1), Life::new(1)];
    let new = [Life::new(2), Life::new(2)];
    let [old_a, old_b] = [(a, old[0]), (b, old[1])].map(|(event, life)| event.install(kind(life)).unwrap());
    let _beside = beside.then(|| a.install(Life::new(9).extension()).unwrap());
    let raiser = thread::spawn(move || {
        let strand = ModelStrand::new(0);
        (one(a, &strand), one(b, &strand))
    });
    let swap = Swap::new().remove(old_a).remove(old_b);
    let swap = swap.add(a.bind(kind(new[0])).unwrap()).add(b.bind(kind(new[1])).unwrap());
    let (installed, ticket) = swap.commit().unwrap();
    let is_dropped_by_dispatcher = is_over(&ticket) && old[0].is_over();
    if ticket.is_done() && !is_dropped_by_dispatcher {
        old.iter().for_each(|life| life.end());
    }
    let (first, second) = raiser.join().unwrap();
    assert!(first <= second, "saw {first} of A, then {second} of B");
    let calls: usize = old.iter().chain(&new).map(|life| life.calls()).sum();
    assert_eq!(calls, 2, "each raise was handled once");
    must_be_over(&ticket);
    drop::<Vec<Installed>>(installed);
}

/// Raises `event`, which has one handler of interest.
fn one(event: &'static SignalEvent, strand: &ModelStrand) -> u64 {
    let seen: Vec<u64> = raise(event, strand).into_iter().filter(|&name| name != 9).collect();
    assert_eq!(seen.len(), 1, "missed, or handled twice");
    seen[0]
}

#[test]
fn of_extensions_handlers() {
    check_within(2, || swap_while_raising(Life::extension, false));
}

#[test]
fn of_kernel_handlers_with_closures() {
    check_within(2, || swap_while_raising(Life::kernel, false));
}

#[test]
fn where_one_event_goes_by_its_table_and_the_other_does_not() {
    check_within(1, || swap_while_raising(Life::extension, true));
}

#[test]
fn there_and_back() {
    // The second swap's descriptors come while a raise may still follow the first one's.
    check_within(1, || {
        let (a, b) = (event(), event());
        let install = |event: &'static SignalEvent, name| event.install(Life::new(name).extension()).unwrap();
        let first = [install(a, 1), install(b, 1)];
        let raiser = thread::spawn(move || {
            let strand = ModelStrand::new(0);
            (one(a, &strand), one(b, &strand))
        });
        let swap = first.into_iter().fold(Swap::new(), Swap::remove);
        let bind = |event: &'static SignalEvent, name| event.bind(Life::new(name).extension()).unwrap();
        let (second, _ticket) = swap.add(bind(a, 2)).add(bind(b, 2)).commit().unwrap();
        let swap = second.into_iter().fold(Swap::new(), Swap::remove);
        let (_third, ticket) = swap.add(bind(a, 3)).add(bind(b, 3)).commit().unwrap();
        is_over(&ticket);
        let (first, second) = raiser.join().unwrap();
        assert!(first <= second, "saw {first} of A, then {second} of B");
        must_be_over(&ticket);
    });
}
