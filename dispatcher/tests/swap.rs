//! A swap replaces bindings across events: every raise sees all of the old or all of the new ones.
mod support;

use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{BindingId, Event, Guard, Handler, Imposed, InstallError, Order, Swap, uninstall};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use support::events::{PacketFrame as Frame, Sum, SumFrame};
use support::{GRACE, closure, event, event_of, extension, kernel, packet_guard, raise_with, seen};

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

#[test]
fn one_event_may_lose_another_gain_and_a_third_be_guarded() {
    let (loses, gains, guarded) = (event(), event(), event());
    let gone = loses.install(extension(1)).unwrap();
    let stays = guarded.install(extension(3)).unwrap();
    let swap = Swap::new().remove(gone).add(gains.bind(extension(2)).unwrap());
    let swap = swap.impose(&stays, packet_guard(|_| false));
    let imposed: Vec<Imposed> = swap.imposed().collect();
    let (installed, ticket) = swap.commit().unwrap();
    ticket.wait(&GRACE).unwrap();
    assert_eq!((installed.len(), imposed.len()), (1, 1));
    assert_eq!((seen(loses), seen(gains), seen(guarded)), (vec![], vec![2], vec![]));
    let swap = imposed.into_iter().fold(Swap::new(), Swap::lift).add(loses.bind(extension(4)).unwrap());
    let (_, ticket) = swap.commit().unwrap();
    ticket.wait(&GRACE).unwrap();
    assert_eq!((seen(loses), seen(guarded)), (vec![4], vec![3]));
}

#[test]
fn an_event_may_be_named_many_times() {
    let event = event();
    let old = event.core().install_all((1..=5).map(extension).collect()).unwrap();
    let swap = old.into_iter().fold(Swap::new(), Swap::remove);
    let swap = (6..=8).fold(swap, |swap, name| swap.add(event.bind(extension(name)).unwrap()));
    let (installed, ticket) = swap.commit().unwrap();
    ticket.wait(&GRACE).unwrap();
    assert_eq!((seen(event), installed.len()), (vec![6, 7, 8], 3));
}

#[test]
fn result_handlers_and_default_handlers_are_exchanged_too() {
    let (sums, others) = (event_of::<Sum, HostStrand>(), event_of::<Sum, HostStrand>());
    let answer = |event: &'static Event<Sum, HostStrand>| {
        let mut frame = SumFrame::default();
        raise_with(event, &mut frame).map(|()| frame.result)
    };
    let fold = |fold: fn(u64, u64) -> u64| Handler::fold::<Sum>(fold).unwrap();
    let _handlers = [3, 4].map(|value| sums.install(closure::<Sum>(value)).unwrap());
    let adds = sums.install(fold(|previous, next| previous + next)).unwrap();
    let default = others.install(closure::<Sum>(9).as_default()).unwrap();
    assert_eq!((answer(sums), answer(others)), (Ok(7), Ok(9)));
    let swap = Swap::new().remove(adds).remove(default);
    let swap = swap.add(sums.bind(fold(|previous, next| previous * next)).unwrap());
    let swap = swap.add(others.bind(closure::<Sum>(10).as_default()).unwrap());
    let (installed, ticket) = swap.commit().unwrap();
    ticket.wait(&GRACE).unwrap();
    assert_eq!((answer(sums), answer(others)), (Ok(12), Ok(10)));
    let (_, ticket) = installed.into_iter().fold(Swap::new(), Swap::remove).commit().unwrap();
    ticket.wait(&GRACE).unwrap();
    assert_eq!(answer(sums), Ok(4));
    assert!(answer(others).is_err());
}

#[test]
fn one_part_that_is_wrong_leaves_every_event_as_it_was() {
    let (a, b) = (event(), event());
    let old = a.install(extension(1)).unwrap();
    let guarded = b.install(extension(2)).unwrap();
    let other_events = Guard::kernel::<Sum>(|_| true).unwrap();
    let new = a.bind(extension(3)).unwrap();
    let swap = Swap::new().remove(old).add(new).impose(&guarded, other_events);
    let (_handed_back, error) = swap.commit().unwrap_err();
    assert_eq!(error, InstallError::OtherEvent("test.Sum"));
    assert_eq!((seen(a), seen(b)), (vec![1], vec![2]));
}

#[test]
fn what_a_swap_removes_is_named_once() {
    let event = event();
    let own = event.install(kernel::<1>().intrinsic()).unwrap();
    let again = event.core().intrinsic().unwrap();
    let (_, error) = Swap::new().remove(own).remove(again).commit().unwrap_err();
    assert_eq!((error, seen(event)), (InstallError::NotInstalled, vec![1]));
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
