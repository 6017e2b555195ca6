//! The default handler, which answers when nobody else did, and the event's own (intrinsic) handler.
mod support;

use spindle_dispatcher::{InstallError, Order, Owner, RaiseError, Role, Swap, uninstall};
use support::events::{Packet, Sum, SumFrame};
use support::strand::Contained;
use support::{
    GRACE, closure, event, event_of, extension, extension_of, listed, packet_guard, port, raise, raise_with,
    remove, seen,
};

#[test]
fn the_default_handler_runs_only_if_no_other_did() {
    for default in [support::kernel::<9>(), closure::<Packet>(9), extension(9)] {
        let event = event();
        let _default = event.install(default.as_default()).unwrap();
        assert_eq!(seen(event), [9]);
        let handler = event.install(extension(1).with_key(port(1))).unwrap();
        assert_eq!(raise(event, "", 1), Ok(vec![1]));
        assert_eq!(raise(event, "", 2), Ok(vec![9]));
        remove(handler);
        let _handler = event.install(extension(2)).unwrap();
        assert_eq!(seen(event), [2]);
    }
}

#[test]
fn its_answer_is_the_raises() {
    let event = event_of::<Sum, Contained>();
    let _default = event.install(extension_of::<Sum>(9, Owner(1)).as_default()).unwrap();
    let mut frame = SumFrame::default();
    raise_with(event, &mut frame).unwrap();
    assert_eq!(frame.result, 9);
}

#[test]
fn there_is_one() {
    let event = event();
    let first = event.install(extension(1).as_default()).unwrap();
    assert_eq!(event.install(extension(2).as_default()).unwrap_err(), InstallError::Occupied(Role::Default));
    remove(first);
    let _second = event.install(extension(2).as_default()).unwrap();
    assert_eq!(seen(event), [2]);
}

#[test]
fn it_has_no_guards_keys_or_order() {
    let event = event();
    for refused in [
        extension(1).with_key(port(1)),
        extension(1).with_guard(packet_guard(|_| true)),
        extension(1).cancelling(),
        extension(1).asynchronous(),
        extension(1).intrinsic(),
    ] {
        assert_eq!(event.install(refused.as_default()).unwrap_err(), InstallError::NotInRole(Role::Default));
    }
    let default = event.install(extension(1).as_default()).unwrap();
    assert_eq!(default.impose(packet_guard(|_| true)).unwrap_err(), InstallError::NotInRole(Role::Default));
}

#[test]
fn the_events_own_handler_is_an_ordinary_one() {
    let event = event();
    assert!(event.core().intrinsic().is_none());
    let _own = event.install(support::kernel::<5>().intrinsic()).unwrap();
    let _other = event.install(extension(6)).unwrap();
    let _first = event.install(extension(4).ordered(Order::First)).unwrap();
    assert_eq!(seen(event), [4, 5, 6]);
}

#[test]
fn whoever_has_its_descriptor_can_take_it_away() {
    let event = event();
    let own = event.install(support::kernel::<5>().intrinsic()).unwrap();
    let _other = event.install(extension(6)).unwrap();
    let found = event.core().intrinsic().expect("it is installed");
    assert_eq!(found, own);
    remove(found);
    assert_eq!((seen(event), event.core().intrinsic()), (vec![6], None));
    assert_eq!(uninstall(own).unwrap_err().1, InstallError::NotInstalled);
}

#[test]
fn there_is_one_of_those_too_and_a_swap_replaces_it() {
    let event = event();
    let own = event.install(support::kernel::<5>().intrinsic()).unwrap();
    let taken = event.install(support::kernel::<6>().intrinsic()).unwrap_err();
    assert_eq!(taken, InstallError::Occupied(Role::Handler));
    let interposed = event.bind(support::kernel::<7>().intrinsic()).unwrap();
    let (_, ticket) = Swap::new().remove(own).add(interposed).commit().unwrap();
    ticket.wait(&GRACE).unwrap();
    assert_eq!(seen(event), [7]);
    assert_eq!(listed(event).len(), 1);
}

#[test]
fn only_the_events_owner_marks_one_as_the_events_own() {
    let refused = event().install(extension(1).intrinsic()).unwrap_err();
    assert!(matches!(refused, InstallError::Denied { by: "test", .. }), "{refused:?}");
}

#[test]
fn with_its_own_handler_gone_a_value_is_nobodys() {
    let event = event_of::<Sum, Contained>();
    let own = event.install(closure::<Sum>(5).intrinsic()).unwrap();
    let mut frame = SumFrame::default();
    raise_with(event, &mut frame).unwrap();
    remove(own);
    assert_eq!(raise_with(event, &mut frame), Err(RaiseError::NoHandler));
}
