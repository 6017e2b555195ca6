//! A cancelling handler that ran is the last one to run.
mod support;

use spindle_dispatcher::{Order, RaiseError, Swap};
use support::events::{Packet, Sum, SumFrame};
use support::strand::{Contained, fault};
use support::{
    closure, event, event_of, extension, extension_that, packet_guard, port, raise, raise_with, seen,
};

#[test]
fn those_behind_it_are_not_called() {
    for cancels in [closure::<Packet>(2), extension(2), support::kernel::<2>()] {
        let event = event();
        let _a = event.install(closure::<Packet>(1)).unwrap();
        let _b = event.install(cancels.cancelling()).unwrap();
        let _c = event.install(closure::<Packet>(3)).unwrap();
        let _d = event.install(extension(4).ordered(Order::Last)).unwrap();
        assert_eq!(seen(event), [1, 2]);
    }
}

#[test]
fn one_whose_guard_does_not_hold_cancels_nothing() {
    let event = event();
    let _key = event.install(closure::<Packet>(1).cancelling().with_key(port(1))).unwrap();
    let guard = packet_guard(|frame| frame.port == 2);
    let _guard = event.install(closure::<Packet>(2).cancelling().with_guard(guard)).unwrap();
    let _last = event.install(extension(3)).unwrap();
    assert_eq!(raise(event, "", 0), Ok(vec![3]));
    assert_eq!(raise(event, "", 1), Ok(vec![1]));
    assert_eq!(raise(event, "", 2), Ok(vec![2]));
}

#[test]
fn one_that_faults_or_is_discarded_cancels_nothing() {
    let event = event_of::<Packet, Contained>();
    let faults = extension_that::<Packet, _>(|_| fault()).cancelling();
    let _faults = event.install(faults).unwrap();
    let never = packet_guard(|_| false).post();
    let _discarded = event.install(closure::<Packet>(1).cancelling().with_guard(never)).unwrap();
    let _last = event.install(extension(3)).unwrap();
    let mut frame = support::events::PacketFrame::default();
    assert!(matches!(raise_with(event, &mut frame), Err(RaiseError::Fault(_))));
    assert_eq!(frame.seen, [1, 3]);
}

#[test]
fn its_answer_stands() {
    let event = event_of::<Sum, Contained>();
    let _a = event.install(closure::<Sum>(1)).unwrap();
    let _b = event.install(closure::<Sum>(2).cancelling()).unwrap();
    let _c = event.install(closure::<Sum>(3)).unwrap();
    let mut frame = SumFrame::default();
    raise_with(event, &mut frame).unwrap();
    assert_eq!((frame.seen, frame.result), (vec![1, 2], 2));
}

#[test]
fn without_it_the_rest_is_called_again() {
    let event = event();
    let cancels = event.install(extension(1).cancelling()).unwrap();
    let _behind = event.install(extension(2)).unwrap();
    assert_eq!(seen(event), [1]);
    let (_, ticket) = Swap::new().remove(cancels).commit().unwrap();
    ticket.wait(&support::GRACE).unwrap();
    assert_eq!(seen(event), [2]);
}
