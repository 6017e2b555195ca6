//! Order: first, ordinary, last; before and after another handler.
#![allow(clippy::unwrap_used, reason = "what does not work in a helper fails the test that asked for it")]
mod support;

use spindle_dispatcher::{Handler, InstallError, Installed, Order, Swap};
use support::events::{Packet, Sum};
use support::{PacketEvent, closure, event, event_of, extension, packet_guard, port, raise, remove, seen};

fn install(event: &'static PacketEvent, name: u64, order: Order) -> Installed {
    event.install(extension(name).ordered(order)).unwrap()
}

#[test]
fn the_groups_stand_in_their_order_whatever_came_first() {
    let event = event();
    let _l = install(event, 8, Order::Last);
    let _o = install(event, 4, Order::Ordinary);
    let _f = install(event, 2, Order::First);
    let _p = install(event, 5, Order::Ordinary);
    let _m = install(event, 9, Order::Last);
    let _e = install(event, 1, Order::First);
    assert_eq!(
        seen(event),
        [1, 2, 4, 5, 8, 9],
        "a new first one goes to the very front, a new last one to the very end"
    );
}

#[test]
fn before_and_after_mean_directly_beside() {
    let event = event();
    let a = install(event, 10, Order::Ordinary);
    let b = install(event, 20, Order::Ordinary);
    let _c = install(event, 15, Order::Before(b.id()));
    let _d = install(event, 11, Order::After(a.id()));
    let _e = install(event, 9, Order::Before(a.id()));
    assert_eq!(seen(event), [9, 10, 11, 15, 20]);
}

#[test]
fn who_stands_beside_another_is_in_its_group() {
    let event = event();
    let first = install(event, 1, Order::First);
    let last = install(event, 9, Order::Last);
    let _a = install(event, 2, Order::After(first.id()));
    let _b = install(event, 8, Order::Before(last.id()));
    let _ordinary = install(event, 5, Order::Ordinary);
    assert_eq!(seen(event), [1, 2, 5, 8, 9]);
    let _front = install(event, 0, Order::First);
    assert_eq!(seen(event), [0, 1, 2, 5, 8, 9]);
}

#[test]
fn it_stays_where_it_is_when_the_other_goes() {
    let event = event();
    let a = install(event, 1, Order::Ordinary);
    let _b = install(event, 3, Order::Ordinary);
    let _beside = install(event, 2, Order::After(a.id()));
    remove(a);
    assert_eq!(seen(event), [2, 3]);
}

#[test]
fn beside_what_is_not_a_handler_of_the_event_is_refused() {
    let (event, other) = (event(), event());
    let elsewhere = install(other, 1, Order::Ordinary);
    let default = event.install(closure::<Packet>(2).as_default()).unwrap();
    let gone = install(event, 3, Order::Ordinary);
    let gone_id = gone.id();
    remove(gone);
    for id in [elsewhere.id(), default.id(), gone_id] {
        for order in [Order::Before(id), Order::After(id)] {
            assert_eq!(
                event.install(extension(4).ordered(order)).unwrap_err(),
                InstallError::NoSuchBinding(id)
            );
        }
    }
}

#[test]
fn only_handlers_are_ordered() {
    let default = closure::<Packet>(1).as_default().ordered(Order::First);
    assert!(matches!(event().install(default), Err(InstallError::NotInRole(_))));
    let fold = Handler::fold::<Sum>(|_, next| next).unwrap().ordered(Order::Last);
    let event = event_of::<Sum, support::strand::Contained>();
    assert!(matches!(event.install(fold), Err(InstallError::NotInRole(_))));
}

#[test]
fn guards_do_not_change_it() {
    let event = event();
    let _c = event.install(extension(3).with_key(port(1)).ordered(Order::Last)).unwrap();
    let _b = event.install(extension(2).with_guard(packet_guard(|_| true))).unwrap();
    let _a = event.install(extension(1).with_key(port(1)).ordered(Order::First)).unwrap();
    let _z = event.install(extension(9).with_key(port(2)).ordered(Order::First)).unwrap();
    assert_eq!(raise(event, "", 1), Ok(vec![1, 2, 3]));
    assert_eq!(raise(event, "", 2), Ok(vec![9, 2]));
}

#[test]
fn imposing_on_a_handler_leaves_it_where_it_is() {
    let event = event();
    let first = install(event, 1, Order::First);
    let middle = install(event, 2, Order::Ordinary);
    let _last = install(event, 3, Order::Last);
    let imposed = [&first, &middle].map(|on| on.impose(packet_guard(|_| true)).unwrap());
    let _front = install(event, 0, Order::First);
    let _ordinary = install(event, 25, Order::Ordinary);
    assert_eq!(seen(event), [0, 1, 2, 25, 3]);
    for imposed in imposed {
        let _ticket = spindle_dispatcher::lift(imposed).unwrap();
    }
    assert_eq!(seen(event), [0, 1, 2, 25, 3]);
}

#[test]
fn a_replacement_takes_the_old_ones_place_if_it_asks_for_it() {
    let event = event();
    let _a = install(event, 1, Order::Ordinary);
    let old = install(event, 2, Order::Ordinary);
    let c = install(event, 3, Order::Ordinary);
    let new = event.bind(closure::<Packet>(22).ordered(Order::Before(c.id()))).unwrap();
    let (_, ticket) = Swap::new().remove(old).add(new).commit().unwrap();
    ticket.wait(&support::GRACE).unwrap();
    assert_eq!(seen(event), [1, 22, 3]);
}
