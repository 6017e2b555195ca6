//! What can be seen of an event: exact counts, times that are switched at run time, and what the recorder keeps.
#![allow(clippy::unwrap_used, reason = "what does not work in a helper fails the test that asked for it")]
mod support;

use spindle_dispatcher::{
    Event, Owner, Swap, What, are_times_taken, is_recording, lift, recorded, set_recording, set_times,
    uninstall,
};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use support::events::{Packet, PacketFrame, Sum, SumFrame};
use support::strand::{Contained, Current, fault};
use support::{
    GRACE, closure, counters, event, event_of, extension, extension_of, extension_that, packet_guard, port,
    raise, raise_with, seen,
};

/// The switches are the process's: one test at a time, which finds and leaves them off.
struct Alone(#[expect(dead_code, reason = "held until it is dropped")] MutexGuard<'static, ()>);

fn alone() -> Alone {
    static ALONE: Mutex<()> = Mutex::new(());
    Alone(ALONE.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Drop for Alone {
    fn drop(&mut self) {
        set_times(false);
        set_recording(false);
    }
}

/// What the recorder has of `event`, oldest first: to which binding, and what.
fn trace<S: Current>(event: &'static Event<Packet, S>) -> Vec<(u64, What)> {
    let mut trace: Vec<_> = recorded()
        .filter(|entry| entry.event == event.core())
        .map(|entry| (entry.binding.number(), entry.what))
        .collect();
    trace.reverse();
    trace
}

#[test]
fn every_call_and_rejection_is_counted_whichever_way_it_took() {
    let _alone = alone();
    for handler in [support::kernel::<1>(), closure::<Packet>(1), extension(1)] {
        let event = event();
        let only = event.install(handler).unwrap();
        (0..100).for_each(|_| drop(seen(event)));
        assert_eq!(counters(event, only.id()).calls, 100);
        let guard = packet_guard(|frame| frame.port % 4 == 0);
        let other = event.install(extension(2).with_guard(guard)).unwrap();
        let keyed = event.install(extension(3).with_key(port(7))).unwrap();
        (0..100).for_each(|port| drop(raise(event, "", port).unwrap()));
        let calls = |id| (counters(event, id).calls, counters(event, id).rejections);
        assert_eq!([only.id(), other.id(), keyed.id()].map(calls), [(200, 0), (25, 75), (1, 0)]);
    }
}

#[test]
fn no_count_is_lost_between_threads() {
    let _alone = alone();
    let event = event();
    let only = event.install(extension(1)).unwrap();
    let beside = event_of::<Sum, spindle_dispatcher::host::HostStrand>();
    let never = spindle_dispatcher::Guard::kernel::<Sum>(|_| false).unwrap();
    let rejecting = beside.install(closure::<Sum>(1).with_guard(never)).unwrap();
    thread::scope(|scope| {
        // More threads than there are slots of their own.
        for _ in 0..20 {
            scope.spawn(|| {
                for _ in 0..500 {
                    seen(event);
                    let _ = raise_with(beside, &mut SumFrame::default());
                }
            });
        }
    });
    assert_eq!(counters(event, only.id()).calls, 10_000);
    assert_eq!(counters(beside, rejecting.id()).rejections, 10_000);
}

#[test]
fn times_are_taken_while_they_are_switched_on_and_kept_after() {
    let _alone = alone();
    for others in [0, 1] {
        let event = event();
        let sleeps = |frame: &mut PacketFrame| thread::sleep(Duration::from_millis(frame.port));
        let slow = event.install(extension_that::<Packet, _>(sleeps)).unwrap();
        let _other = (others == 1).then(|| event.install(closure::<Packet>(1)).unwrap());
        raise(event, "", 1).unwrap();
        assert_eq!(counters(event, slow.id()).total_time, 0, "nobody asked for times");
        set_times(true);
        assert!(are_times_taken());
        raise(event, "", 2).unwrap();
        raise(event, "", 20).unwrap();
        set_times(false);
        raise(event, "", 40).unwrap();
        let counters = counters(event, slow.id());
        assert!(counters.total_time > counters.longest_time, "{counters:?}: two calls");
        assert!(counters.longest_time >= 20_000_000, "{counters:?}: nanoseconds on the host");
        assert_eq!(counters.calls, 4);
    }
}

#[test]
fn while_recording_every_step_of_a_raise_is_kept() {
    let _alone = alone();
    let event = event();
    let a = event.install(extension(1)).unwrap();
    let b = event.install(extension(2).with_guard(packet_guard(|frame| frame.port == 2))).unwrap();
    let before = trace(event).len();
    seen(event);
    assert_eq!(trace(event).len(), before, "ordinary raises are not kept while it is off");
    set_recording(true);
    assert!(is_recording());
    raise(event, "", 2).unwrap();
    raise(event, "", 1).unwrap();
    set_recording(false);
    seen(event);
    let [a, b] = [a.id().number(), b.id().number()];
    let expected = [(a, What::Ran), (b, What::Ran), (a, What::Ran), (b, What::Rejected)];
    assert_eq!(trace(event)[before..], expected);
}

#[test]
fn the_only_handler_is_kept_too_which_otherwise_takes_the_short_way() {
    let _alone = alone();
    let event = event();
    let only = event.install(extension(1)).unwrap();
    set_recording(true);
    seen(event);
    let later = event.install(extension(2)).unwrap();
    seen(event);
    let [only, later] = [only.id().number(), later.id().number()];
    let expected = [
        (only, What::Installed),
        (only, What::Ran),
        (later, What::Installed),
        (only, What::Ran),
        (later, What::Ran),
    ];
    assert_eq!(trace(event), expected);
}

#[test]
fn changes_and_faults_are_always_kept() {
    let _alone = alone();
    let event = event_of::<Packet, Contained>();
    let faults = event.install(extension_that::<Packet, _>(|_| fault())).unwrap();
    let _ = raise_with(event, &mut PacketFrame::default());
    let id = faults.id().number();
    let imposed = faults.impose(packet_guard(|_| true)).unwrap();
    lift(imposed).unwrap().wait(&GRACE).unwrap();
    uninstall(faults).unwrap().wait(&GRACE).unwrap();
    let what: Vec<What> = trace(event).into_iter().map(|(_, what)| what).collect();
    assert_eq!(what, [What::Installed, What::Faulted, What::Imposed, What::Lifted, What::Uninstalled]);
    assert_eq!(trace(event)[1], (id, What::Faulted));
    let fault = recorded().find(|entry| entry.event == event.core() && entry.what == What::Faulted);
    assert_eq!(fault.unwrap().owner, Owner(1));
}

#[test]
fn a_swap_is_kept_on_each_of_its_events() {
    let _alone = alone();
    let (a, b) = (event(), event());
    let old = [a.install(extension(1)).unwrap(), b.install(extension(1)).unwrap()];
    let swap = old.into_iter().fold(Swap::new(), Swap::remove);
    let swap = swap.add(a.bind(extension(2)).unwrap()).add(b.bind(extension(2)).unwrap());
    let (installed, ticket) = swap.commit().unwrap();
    ticket.wait(&GRACE).unwrap();
    for (event, new) in [(a, &installed[0]), (b, &installed[1])] {
        assert_eq!(trace(event).last(), Some(&(new.id().number(), What::Swapped)));
    }
}

#[test]
fn the_newest_comes_first_and_time_does_not_go_back() {
    let _alone = alone();
    let event = event();
    set_recording(true);
    let _a = event.install(extension_of::<Packet>(1, Owner(1))).unwrap();
    (0..400).for_each(|_| drop(seen(event)));
    let entries: Vec<_> = recorded().collect();
    assert_eq!(entries.len(), 256, "so many are kept");
    assert!(entries.is_sorted_by_key(|entry| std::cmp::Reverse(entry.time)));
}
