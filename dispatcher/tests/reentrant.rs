//! What a handler may do while it runs: raise, change bindings, its own included; what it may not: wait for itself.
#![allow(clippy::unwrap_used, reason = "what does not work in a helper fails the test that asked for it")]
mod support;

use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{Event, Handler, Installed, RaiseError, Swap, Ticket, WaitError, lift, uninstall};
use std::sync::{Arc, Mutex};
use support::events::{Packet, PacketFrame};
use support::{
    GRACE, PacketEvent, closure, event, extension, extension_that, packet_guard, raise, raise_with, remove,
    seen,
};

/// The handler in both kinds, so that both ways of entering are tried.
fn both_kinds(handle: impl Fn(&mut PacketFrame) + Clone + Send + Sync + 'static) -> [Handler; 2] {
    [Handler::closure::<Packet>(handle.clone()).unwrap(), extension_that::<Packet, _>(handle)]
}

#[test]
fn a_handler_raises_its_own_event() {
    let deep = |event: &'static PacketEvent| {
        move |frame: &mut PacketFrame| {
            if frame.port > 0 {
                frame.seen.extend(raise(event, "", frame.port - 1).unwrap());
            }
            frame.seen.push(frame.port);
        }
    };
    for others in [0, 1] {
        for kind in [0, 1] {
            let event = event();
            let [kernel, extension] = both_kinds(deep(event));
            let _installed = event.install(if kind == 0 { kernel } else { extension }).unwrap();
            let _other = (others == 1).then(|| event.install(closure::<Packet>(100)).unwrap());
            let signatures = raise(event, "", 30).unwrap();
            let ports: Vec<u64> = signatures.into_iter().filter(|&name| name < 100).collect();
            assert_eq!(ports, (0..=30).collect::<Vec<_>>());
        }
    }
}

#[test]
fn two_events_raise_each_other() {
    let (ping, pong): (&PacketEvent, &PacketEvent) = (event(), event());
    let bounce = |to: &'static PacketEvent, name| {
        move |frame: &mut PacketFrame| {
            frame.seen.push(name);
            if frame.port > 0 {
                frame.seen.extend(raise(to, "", frame.port - 1).unwrap());
            }
        }
    };
    let _ping = ping.install(extension_that::<Packet, _>(bounce(pong, 1))).unwrap();
    let _pong = pong.install(Handler::closure::<Packet>(bounce(ping, 2)).unwrap()).unwrap();
    assert_eq!(raise(ping, "", 4), Ok(vec![1, 2, 1, 2, 1]));
}

/// A place from which a handler takes what it is to uninstall.
type Held = Arc<Mutex<Option<Installed>>>;

/// Uninstalls what `held` has, and checks that waiting for it is refused here.
fn uninstalls(
    held: &Held,
    tickets: &Arc<Mutex<Vec<Ticket>>>,
) -> impl Fn(&mut PacketFrame) + Clone + Send + Sync + 'static {
    let (held, tickets) = (Arc::clone(held), Arc::clone(tickets));
    move |frame| {
        frame.seen.push(1);
        if let Some(installed) = held.lock().unwrap().take() {
            let ticket = uninstall(installed).unwrap();
            assert_eq!(ticket.wait(&GRACE), Err(WaitError::InsideHandler));
            assert!(!ticket.is_done(), "this raise still uses what it was begun with");
            tickets.lock().unwrap().push(ticket);
        }
    }
}

#[test]
fn a_handler_uninstalls_itself_and_ends_in_peace() {
    for others in [0, 1] {
        for kind in [0, 1] {
            let event = event();
            let (held, tickets) = (Held::default(), Arc::default());
            let [kernel, extension] = both_kinds(uninstalls(&held, &tickets));
            let installed = event.install(if kind == 0 { kernel } else { extension }).unwrap();
            *held.lock().unwrap() = Some(installed);
            let _other = (others == 1).then(|| event.install(closure::<Packet>(2)).unwrap());
            let behind: &[u64] = if others == 1 { &[2] } else { &[] };
            assert_eq!(seen(event), [&[1], behind].concat());
            assert_eq!(seen(event), behind);
            let ticket = tickets.lock().unwrap().pop().expect("it has uninstalled itself");
            ticket.wait(&GRACE).unwrap();
        }
    }
}

#[test]
fn one_that_is_uninstalled_during_a_raise_still_has_its_turn_in_it() {
    let event = event();
    let (held, tickets) = (Held::default(), Arc::default());
    let [kernel, _] = both_kinds(uninstalls(&held, &tickets));
    let _first = event.install(kernel).unwrap();
    *held.lock().unwrap() = Some(event.install(extension(2)).unwrap());
    assert_eq!(seen(event), [1, 2], "a raise sees the bindings as they were when it began");
    assert_eq!(seen(event), [1]);
}

#[test]
fn one_that_is_installed_during_a_raise_waits_for_the_next() {
    let event = event();
    let installs = move |frame: &mut PacketFrame| {
        frame.seen.push(1);
        if frame.port == 1 {
            let _kept = event.install(extension(2)).unwrap();
            frame.seen.extend(raise(event, "", 0).unwrap());
        }
    };
    let _installs = event.install(extension_that::<Packet, _>(installs)).unwrap();
    assert_eq!(raise(event, "", 1), Ok(vec![1, 1, 2]), "a nested raise is a next one");
    assert_eq!(seen(event), [1, 2]);
}

#[test]
fn a_swap_during_a_raise_counts_from_the_next_on_both_events() {
    let (a, b): (&PacketEvent, &PacketEvent) = (event(), event());
    let old = [a.install(extension(10)).unwrap(), b.install(extension(10)).unwrap()];
    let held = Arc::new(Mutex::new(Some(old)));
    let swaps = move |frame: &mut PacketFrame| {
        frame.seen.push(1);
        if let Some([old_a, old_b]) = held.lock().unwrap().take() {
            let swap = Swap::new().remove(old_a).remove(old_b);
            let swap = swap.add(a.bind(extension(20)).unwrap()).add(b.bind(extension(20)).unwrap());
            let (_, ticket) = swap.commit().unwrap();
            assert_eq!(ticket.wait(&GRACE), Err(WaitError::InsideHandler));
            frame.seen.extend(seen(b));
        }
    };
    let first = Handler::closure::<Packet>(swaps).unwrap().ordered(spindle_dispatcher::Order::First);
    let _swaps = a.install(first).unwrap();
    assert_eq!(seen(a), [1, 20, 10], "the raise that was under way goes on with the old one");
    assert_eq!((seen(a), seen(b)), (vec![1, 20], vec![20]));
}

#[test]
fn a_handler_imposes_on_itself_and_lifts_again() {
    let event: &PacketEvent = event();
    let slot: Arc<Mutex<Option<Installed>>> = Arc::default();
    let kept = Arc::clone(&slot);
    let limits = move |frame: &mut PacketFrame| {
        frame.seen.push(1);
        let imposed = kept.lock().unwrap().as_ref().unwrap().impose(packet_guard(|_| false)).unwrap();
        assert_eq!(seen(event), [], "nobody gets past it now");
        let ticket = lift(imposed).unwrap();
        assert_eq!(ticket.wait(&GRACE), Err(WaitError::InsideHandler));
    };
    *slot.lock().unwrap() = Some(event.install(extension_that::<Packet, _>(limits)).unwrap());
    let mut frame = PacketFrame::default();
    raise_with(event, &mut frame).unwrap();
    assert_eq!(frame.seen, [1]);
}

#[test]
fn a_guard_may_raise_another_event() {
    let (event, other): (&PacketEvent, &PacketEvent) = (event(), event());
    let _answer = other.install(extension(5)).unwrap();
    let guard = packet_guard(move |frame| raise(other, "", frame.port) == Ok(vec![5]));
    let _installed = event.install(extension(1).with_guard(guard)).unwrap();
    assert_eq!(seen(event), [1]);
}

#[test]
fn outside_all_raises_a_ticket_from_inside_is_good() {
    let event = event();
    let installed = event.install(extension(1)).unwrap();
    let ticket = uninstall(installed).unwrap();
    ticket.wait(&GRACE).unwrap();
    assert!(ticket.is_done());
    ticket.wait(&GRACE).expect("waiting again costs nothing");
}

#[test]
fn nobody_waits_for_raises_of_other_events() {
    let (busy, event): (&PacketEvent, &PacketEvent) = (event(), event());
    let installed = Mutex::new(Some(event.install(extension(1)).unwrap()));
    let other_thread_waits = move |_: &mut PacketFrame| {
        let installed = installed.lock().unwrap().take().expect("called once");
        std::thread::spawn(|| remove(installed)).join().unwrap();
    };
    let _busy = busy.install(extension_that::<Packet, _>(other_thread_waits)).unwrap();
    assert_eq!(raise(busy, "", 0), Ok(vec![]));
    let unhandled: &'static Event<support::events::Sum, HostStrand> = support::event_of();
    assert_eq!(raise_with(unhandled, &mut Default::default()), Err(RaiseError::NoHandler));
}
