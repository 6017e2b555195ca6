//! Imposed guards: others decide with the handler's own guard, by right of the binding's descriptor or of the event.
mod support;

use spindle_dispatcher::{
    Authorizer, Event, Guard, InstallError, Interface, Owner, Request, Role, Swap, Verdict, Wish, lift,
};
use std::sync::atomic::{AtomicU64, Ordering};
use support::events::{Packet, PacketFrame, Sum, SumFrame};
use support::strand::Contained;
use support::{
    GRACE, PacketEvent, closure, counters, event, event_of, extension, extension_guard, extension_of, leaked,
    packet_guard, port, raise, remove, seen, word,
};

fn port_is(value: u64) -> Guard {
    packet_guard(move |frame| frame.port == value)
}

fn port_below(value: u64) -> Guard {
    packet_guard(move |frame| frame.port < value)
}

#[test]
fn whoever_has_the_descriptor_may_impose_and_lift() {
    for handler in [support::kernel::<1>(), closure::<Packet>(1), extension(1)] {
        let event = event();
        let installed = event.install(handler).unwrap();
        let imposed = installed.impose(port_is(1)).unwrap();
        assert_eq!(raise(event, "", 1), Ok(vec![1]));
        assert_eq!(raise(event, "", 2), Ok(vec![]));
        lift(imposed).unwrap().wait(&GRACE).unwrap();
        assert_eq!(raise(event, "", 2), Ok(vec![1]));
    }
}

#[test]
fn all_must_hold_own_key_own_guard_and_imposed() {
    let event = event();
    let installed = event.install(extension(1).with_key(word("x")).with_guard(port_below(10))).unwrap();
    let _even = installed.impose(packet_guard(|frame| frame.port % 2 == 0)).unwrap();
    let _above = installed.impose(packet_guard(|frame| frame.port > 4)).unwrap();
    let calls = (0..20).filter(|&port| raise(event, "x", port) == Ok(vec![1]));
    assert_eq!(calls.collect::<Vec<_>>(), [6, 8]);
    assert_eq!(raise(event, "y", 6), Ok(vec![]));
}

#[test]
fn they_are_asked_in_the_order_in_which_they_were_imposed_until_one_says_no() {
    static ASKED: AtomicU64 = AtomicU64::new(0);
    let asked = |name: u64, holds: bool| {
        packet_guard(move |_| {
            ASKED.store(ASKED.load(Ordering::Relaxed) * 10 + name, Ordering::Relaxed);
            holds
        })
    };
    let event = event();
    let installed = event.install(extension(1).with_guard(asked(1, true))).unwrap();
    let _two = installed.impose(asked(2, true)).unwrap();
    let _three = installed.impose(asked(3, false)).unwrap();
    let _four = installed.impose(asked(4, true)).unwrap();
    assert_eq!((seen(event), ASKED.load(Ordering::Relaxed)), (vec![], 123));
    assert_eq!(counters(event, installed.id()).rejections, 1, "one no is one rejection");
}

#[test]
fn only_the_one_that_it_was_imposed_on_is_guarded() {
    let event = event();
    let a = event.install(extension(1)).unwrap();
    let _b = event.install(extension(2)).unwrap();
    let _imposed = a.impose(packet_guard(|_| false)).unwrap();
    assert_eq!(seen(event), [2]);
}

#[test]
fn what_is_imposed_goes_with_the_binding() {
    let event = event();
    let a = event.install(extension(1)).unwrap();
    let imposed = a.impose(packet_guard(|_| false)).unwrap();
    remove(a);
    assert_eq!(lift(imposed).unwrap_err().1, InstallError::NotInstalled);
    let _again = event.install(extension(1)).unwrap();
    assert_eq!(seen(event), [1]);
}

#[test]
fn a_guard_of_another_event_is_refused() {
    let installed = event().install(extension(1)).unwrap();
    let other = Guard::kernel::<Sum>(|_| true).unwrap();
    assert_eq!(installed.impose(other).unwrap_err(), InstallError::OtherEvent("test.Sum"));
}

#[test]
fn a_fold_is_not_guarded() {
    let event = event_of::<Sum, Contained>();
    let fold = event.install(spindle_dispatcher::Handler::fold::<Sum>(|_, next| next).unwrap()).unwrap();
    let refused = fold.impose(Guard::kernel::<Sum>(|_| true).unwrap()).unwrap_err();
    assert_eq!(refused, InstallError::NotInRole(Role::Result));
}

#[test]
fn on_all_means_those_to_come_too_but_not_the_owner_of_event_or_guard() {
    let event = event();
    let _kernels = event.install(closure::<Packet>(100)).unwrap();
    let _before = event.install(extension_of::<Packet>(1, Owner(1))).unwrap();
    let guard = extension_guard::<Packet, _>(Owner(7), |frame: &PacketFrame| frame.port == 7);
    let imposed = event.core().impose_on_all(guard).unwrap();
    let _behind = event.install(extension_of::<Packet>(2, Owner(2))).unwrap();
    let _own = event.install(extension_of::<Packet>(70, Owner(7))).unwrap();
    assert_eq!(raise(event, "", 7), Ok(vec![100, 1, 2, 70]));
    assert_eq!(raise(event, "", 8), Ok(vec![100, 70]));
    lift(imposed).unwrap().wait(&GRACE).unwrap();
    let _last = event.install(extension_of::<Packet>(3, Owner(3))).unwrap();
    assert_eq!(raise(event, "", 8), Ok(vec![100, 1, 2, 70, 3]));
}

#[test]
fn it_counts_for_what_a_swap_brings_in_as_well() {
    let event = event();
    let old = event.install(extension_of::<Packet>(1, Owner(1))).unwrap();
    let imposed = event.core().impose_on_all(port_is(1)).unwrap();
    let new = event.bind(extension_of::<Packet>(2, Owner(2))).unwrap();
    let (_, ticket) = Swap::new().remove(old).add(new).commit().unwrap();
    ticket.wait(&GRACE).unwrap();
    assert_eq!((raise(event, "", 1), raise(event, "", 2)), (Ok(vec![2]), Ok(vec![])));
    let both = event.bind(extension_of::<Packet>(3, Owner(3))).unwrap();
    let (_, ticket) = Swap::new().lift(imposed).add(both).commit().unwrap();
    ticket.wait(&GRACE).unwrap();
    assert_eq!(raise(event, "", 2), Ok(vec![2, 3]), "lifted and added at once: not guarded");
}

/// Lets everybody bind under a guard, and impose only owner 7.
struct Limits;

impl Authorizer for Limits {
    fn name(&self) -> &'static str {
        "limits"
    }

    fn authorize(&self, request: &Request<'_>) -> Verdict {
        match request.wish {
            Wish::Bind(_) => Verdict::AllowWith(port_below(1024 * u64::from(request.asker.0))),
            Wish::Impose(_) if request.asker == Owner(7) => Verdict::AllowWith(port_is(80)),
            Wish::Impose(_) => Verdict::Deny("only owner 7 imposes"),
        }
    }
}

fn limited() -> &'static PacketEvent {
    static LIMITED: Interface = Interface::governed("limited", &Limits);
    leaked(Event::new().of(&LIMITED))
}

#[test]
fn the_authorizer_imposes_on_whom_it_allows() {
    let event = limited();
    let _one = event.install(extension_of::<Packet>(1, Owner(1))).unwrap();
    let _two = event.install(extension_of::<Packet>(2, Owner(2)).with_key(port(1024))).unwrap();
    let _owners = event.install(support::kernel::<9>()).unwrap();
    assert_eq!(raise(event, "", 1023), Ok(vec![1, 9]));
    assert_eq!(raise(event, "", 1024), Ok(vec![2, 9]));
    assert_eq!(raise(event, "", 4096), Ok(vec![9]));
}

#[test]
fn imposing_on_all_is_authorised_too_and_granted_whole_or_not_at_all() {
    let event = limited();
    let guard = |owner| extension_guard::<Packet, _>(Owner(owner), |_: &PacketFrame| false);
    let denied = InstallError::Denied { by: "limits", why: "only owner 7 imposes" };
    assert_eq!(event.core().impose_on_all(guard(1)).unwrap_err(), denied);
    // The authorizer grants it under a guard of its own, which nobody could lift again.
    let bounded = InstallError::Denied { by: "test.Packet", why: "no guard is granted under another guard" };
    assert_eq!(event.core().impose_on_all(guard(7)).unwrap_err(), bounded);
    let _handler = event.install(extension_of::<Packet>(1, Owner(1))).unwrap();
    assert_eq!(raise(event, "", 80), Ok(vec![1]));
}

#[test]
fn a_limiter_can_decide_by_what_it_counts() {
    static LEFT: AtomicU64 = AtomicU64::new(3);
    let event = event_of::<Sum, Contained>();
    let _handler = event.install(extension_of::<Sum>(1, Owner(1))).unwrap();
    let takes = |_: &SumFrame| {
        LEFT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    };
    let _imposed = event.core().impose_on_all(extension_guard::<Sum, _>(Owner(2), takes)).unwrap();
    let answered = (0..5).filter(|_| support::raise_with(event, &mut SumFrame::default()).is_ok());
    assert_eq!(answered.count(), 3);
}

#[test]
fn a_handlers_own_guard_stays_when_the_same_one_was_imposed_and_is_lifted() {
    let event = event();
    let guard = port_is(1);
    let installed = event.install(extension(1).with_guard(guard.clone())).unwrap();
    let imposed = installed.impose(guard).unwrap();
    lift(imposed).unwrap().wait(&GRACE).unwrap();
    assert_eq!(raise(event, "", 1), Ok(vec![1]));
    assert_eq!(raise(event, "", 2), Ok(vec![]), "only what was imposed is lifted");
}
