//! Many handlers installed as one change.
mod support;

use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{InstallError, Installed, Order, Role, Swap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use support::events::Packet;
use support::{GRACE, closure, event, extension, listed, port, raise, seen};

#[test]
fn they_stand_in_the_order_given_and_descriptors_come_in_it() {
    let event = event();
    let handlers = (1..=100).map(extension).collect();
    let installed = event.core().install_all(handlers).unwrap();
    assert_eq!(seen(event), (1..=100).collect::<Vec<_>>());
    let listed: Vec<u64> = listed(event).into_iter().map(|(id, _)| id).collect();
    assert_eq!(installed.iter().map(|installed| installed.id().number()).collect::<Vec<_>>(), listed);
}

#[test]
fn options_count_as_they_do_one_by_one() {
    let event = event();
    let handlers = vec![
        extension(5).ordered(Order::Last),
        extension(3),
        extension(2).ordered(Order::First),
        extension(1).ordered(Order::First),
        extension(4).with_key(port(4)),
        closure::<Packet>(9).as_default(),
    ];
    let _installed = event.core().install_all(handlers).unwrap();
    assert_eq!(raise(event, "", 0), Ok(vec![1, 2, 3, 5]));
    assert_eq!(raise(event, "", 4), Ok(vec![1, 2, 3, 4, 5]));
}

#[test]
fn all_or_none() {
    let event = event();
    let _default = event.install(extension(9).as_default()).unwrap();
    let handlers = vec![extension(1), extension(2).as_default(), extension(3)];
    assert_eq!(event.core().install_all(handlers).unwrap_err(), InstallError::Occupied(Role::Default));
    assert_eq!((seen(event), listed(event).len()), (vec![9], 1));
}

#[test]
fn nothing_is_a_change_too() {
    let event = event();
    assert_eq!(event.core().install_all(Vec::new()).unwrap(), []);
    let (installed, ticket) = Swap::new().commit().unwrap();
    assert!(installed.is_empty());
    ticket.wait(&GRACE).unwrap();
}

#[test]
fn a_raise_sees_all_or_none_of_them() {
    let event = event();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let seen = seen(event).len();
                assert!(seen == 0 || seen == 20, "{seen} of 20");
            }
        });
        for _ in 0..200 {
            let installed = event.core().install_all((0..20).map(extension).collect()).unwrap();
            let (_, ticket) = installed.into_iter().fold(Swap::new(), Swap::remove).commit().unwrap();
            ticket.wait(&GRACE).unwrap();
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn ten_thousand_keys_select_one() {
    let event = event();
    let handlers = (0..10_000).map(|value| extension(value).with_key(port(value))).collect();
    let installed: Vec<Installed> = event.core().install_all(handlers).unwrap();
    for value in [0, 1, 4_999, 9_999] {
        assert_eq!(raise(event, "", value), Ok(vec![value]));
    }
    assert_eq!(raise(event, "", 10_000), Ok(vec![]));
    let calls = |id| support::counters::<Packet, HostStrand>(event, id).calls;
    assert_eq!((calls(installed[4_999].id()), calls(installed[5_000].id())), (1, 0));
}
