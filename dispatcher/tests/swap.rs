//! A swap replaces bindings across events: every raise sees all of the old or all of the new ones.
mod support;

use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{BindingId, InstallError, Order, Swap, uninstall};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use support::events::PacketFrame as Frame;
use support::{GRACE, event, extension, kernel, seen};

#[test]
fn old_handlers_go_and_new_ones_come_across_events() {
    let (a, b) = (event(), event());
    let old_a = a.install(extension(1)).unwrap();
    let old_b = b.install(extension(1)).unwrap();
    let stays = b.install(kernel::<9>()).unwrap();
    let swap = Swap::new()
        .remove(old_a)
        .remove(old_b)
        .add(a.bind(extension(2)).unwrap())
        .add(b.bind(extension(2)).unwrap());
    let (installed, ticket) = swap.commit().unwrap();
    ticket.wait(&GRACE).unwrap();
    assert_eq!((seen(a), seen(b)), (vec![2], vec![9, 2]));
    for installed in installed.into_iter().chain([stays]) {
        uninstall(installed).unwrap().wait(&GRACE).unwrap();
    }
    let none = support::raise(b, "", 0);
    assert_eq!(none, Ok(vec![]));
}

#[test]
fn a_swap_that_cannot_be_done_changes_nothing() {
    let event = event();
    let gone = event.install(extension(1)).unwrap();
    let again = event.install(extension(2)).unwrap();
    let (installed, ticket) = Swap::new().remove(gone).commit().unwrap();
    assert!(installed.is_empty());
    ticket.wait(&GRACE).unwrap();

    let beside = BindingId::NONE;
    let added = event.bind(extension(3).ordered(Order::After(beside))).unwrap();
    let (_handed_back, error) = Swap::new().remove(again).add(added).commit().unwrap_err();
    assert_eq!(error, InstallError::NoSuchBinding(beside));
    assert_eq!(seen(event), [2]);
}

/// Raises A and then B on several threads while both are swapped back and forth: each raise has exactly one
/// handler, and a strand that has seen the new handler of A never sees the old one of B.
#[test]
fn raises_during_swaps_see_exactly_one_side_in_order() {
    let (a, b) = (event(), event());
    let stop = AtomicBool::new(false);
    let mut current = vec![a.install(extension(0)).unwrap(), b.install(extension(0)).unwrap()];
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let first = one(a);
                    let second = one(b);
                    assert!(second >= first, "saw generation {first} of A, then {second} of B");
                }
            });
        }
        for generation in 1..2_000 {
            let mut swap = Swap::new();
            for installed in current.drain(..) {
                swap = swap.remove(installed);
            }
            let swap =
                swap.add(a.bind(extension(generation)).unwrap()).add(b.bind(extension(generation)).unwrap());
            let (installed, ticket) = swap.commit().unwrap();
            current = installed;
            if generation % 8 == 0 {
                ticket.wait(&GRACE).unwrap();
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
}

/// Raises `event` and returns its one handler's name.
fn one(event: &'static support::PacketEvent) -> u64 {
    let mut frame = Frame::default();
    HostStrand::with_current(|strand| event.raise(strand, &mut frame)).expect("there always is one handler");
    assert_eq!(frame.seen.len(), 1, "no raise is lost and none is handled twice");
    frame.seen[0]
}
