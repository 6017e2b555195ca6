//! What is kept: a binding that was made and not installed does nothing; counters outlive changes of the binding.
mod support;

use spindle_dispatcher::{InstallError, Role, Swap, lift, uninstall};
use support::events::{Packet, Sum, SumFrame};
use support::strand::Contained;
use support::{
    GRACE, closure, counters, event, event_of, extension, listed, packet_guard, port, raise, raise_with,
    remove, seen,
};

#[test]
fn a_binding_that_is_not_installed_is_neither_called_nor_listed() {
    let event = event();
    let bound = event.bind(extension(1)).unwrap();
    assert_eq!((seen(event), listed(event).len()), (vec![], 0));
    let id = bound.id();
    let installed = bound.install().unwrap();
    assert_eq!(installed.id(), id);
    assert_eq!((seen(event), listed(event)), (vec![1], vec![(id.number(), Role::Handler)]));
}

#[test]
fn what_is_wrong_with_it_is_said_when_it_is_made() {
    let event = event();
    assert!(matches!(event.bind(closure::<Sum>(1)), Err(InstallError::OtherEvent("test.Sum"))));
    assert!(matches!(
        event.bind(extension(1).asynchronous()),
        Err(InstallError::NotAsynchronous("test.Packet"))
    ));
}

#[test]
fn one_that_cannot_be_installed_is_handed_back_and_can_be_later() {
    let event = event();
    let first = event.install(extension(1).as_default()).unwrap();
    let second = event.bind(extension(2).as_default()).unwrap();
    let (second, error) = second.install().unwrap_err();
    assert_eq!((error, seen(event)), (InstallError::Occupied(Role::Default), vec![1]));
    remove(first);
    let _second = second.install().unwrap();
    assert_eq!(seen(event), [2]);
}

#[test]
fn no_two_bindings_have_one_number() {
    let event = event();
    let a = event.install(extension(1)).unwrap();
    let (number, b) = (a.id(), event.bind(extension(2)).unwrap());
    remove(a);
    let c = event.install(extension(3)).unwrap();
    assert!(number < b.id() && b.id() < c.id(), "numbers are not used again");
}

#[test]
fn uninstalling_twice_is_refused_and_changes_nothing() {
    let event = event();
    let own = event.install(support::kernel::<1>().intrinsic()).unwrap();
    let again = event.core().intrinsic().unwrap();
    let _other = event.install(extension(2)).unwrap();
    remove(own);
    let (_again, error) = uninstall(again).unwrap_err();
    assert_eq!((error, seen(event)), (InstallError::NotInstalled, vec![2]));
}

#[test]
fn counters_survive_imposing_and_lifting() {
    let event = event();
    let installed = event.install(extension(1)).unwrap();
    (0..5).for_each(|_| drop(raise(event, "", 0)));
    let imposed = installed.impose(packet_guard(|frame| frame.port == 1)).unwrap();
    (0..4).for_each(|port| drop(raise(event, "", port)));
    lift(imposed).unwrap().wait(&GRACE).unwrap();
    seen(event);
    let counters = counters(event, installed.id());
    assert_eq!((counters.calls, counters.rejections), (7, 3));
}

#[test]
fn counters_survive_what_happens_to_the_others() {
    // The only handler, one of two, the only one again: each takes another way through a raise.
    let event = event();
    let installed = event.install(support::kernel::<1>()).unwrap();
    let mut expected = 0;
    for _ in 0..3 {
        (0..10).for_each(|_| drop(seen(event)));
        let other = event.install(closure::<Packet>(2).with_key(port(0))).unwrap();
        (0..10).for_each(|_| drop(seen(event)));
        remove(other);
        expected += 20;
        assert_eq!(counters(event, installed.id()).calls, expected);
    }
}

#[test]
fn a_failed_swap_hands_everything_back() {
    let event = event_of::<Sum, Contained>();
    let old = event.install(closure::<Sum>(1)).unwrap();
    let fold = || spindle_dispatcher::Handler::fold::<Sum>(|_, next| next).unwrap();
    let _fold = event.install(fold()).unwrap();
    let new = event.bind(closure::<Sum>(2)).unwrap();
    let swap = Swap::new().remove(old).add(new).add(event.bind(fold()).unwrap());
    let (swap, error) = swap.commit().unwrap_err();
    assert_eq!(error, InstallError::Occupied(Role::Result));
    let mut frame = SumFrame::default();
    raise_with(event, &mut frame).unwrap();
    assert_eq!(frame.seen, [1]);
    drop(swap);
    raise_with(event, &mut frame).unwrap();
    assert_eq!(frame.seen, [1, 1], "dropping it uninstalls nothing");
}
