//! Faults: a callee that is abandoned takes nobody with it, and its answer counts for nothing.
mod support;

use spindle_dispatcher::{Event, Owner, RaiseError};
use support::events::{Ask, AskFrame, Packet, PacketFrame, Sum, SumFrame};
use support::strand::{Contained, Current, fault, while_in_use};
use support::{
    closure, counters, event_of, extension_guard, extension_of, extension_that, packet_guard, raise_with,
};

type PacketEvent = Event<Packet, Contained>;

fn event() -> &'static PacketEvent {
    event_of()
}

/// How a raise of a packet ended, and who ran to the end.
fn outcome(event: &'static PacketEvent) -> (Result<(), RaiseError>, Vec<u64>) {
    let mut frame = PacketFrame::default();
    let result = raise_with(event, &mut frame);
    (result, frame.seen)
}

const FAULT: Result<(), RaiseError> = Err(RaiseError::Fault(Owner(1)));

#[test]
fn the_only_handler_faults_and_the_raiser_learns_whose_it_was() {
    let event = event();
    let _faults = event.install(extension_that::<Packet, _>(|_| fault())).unwrap();
    assert_eq!(outcome(event), (FAULT, vec![]));
}

#[test]
fn the_others_run() {
    let event = event();
    let _a = event.install(closure::<Packet>(1)).unwrap();
    let faults = event.install(extension_that::<Packet, _>(|_| fault())).unwrap();
    let _c = event.install(extension_of::<Packet>(3, Owner(2))).unwrap();
    assert_eq!(outcome(event), (FAULT, vec![1, 3]));
    assert_eq!(counters(event, faults.id()).faults, 1);
}

#[test]
fn the_first_of_two_faults_is_told() {
    let event = event();
    let _a = event.install(extension_that::<Packet, _>(|_| fault())).unwrap();
    let guard = extension_guard::<Packet, _>(Owner(7), |_| {
        fault();
        true
    });
    let _b = event.install(closure::<Packet>(1).with_guard(guard)).unwrap();
    assert_eq!(outcome(event), (FAULT, vec![]));
}

#[test]
fn a_guard_that_faults_counts_as_false() {
    let event = event();
    let guard = extension_guard::<Packet, _>(Owner(1), |_| {
        fault();
        true
    });
    let guarded = event.install(extension_of::<Packet>(1, Owner(2)).with_guard(guard)).unwrap();
    let _other = event.install(extension_of::<Packet>(2, Owner(2))).unwrap();
    assert_eq!(outcome(event), (FAULT, vec![2]), "blamed is who owns the guard, not who owns the handler");
    let counters = counters(event, guarded.id());
    assert_eq!((counters.calls, counters.rejections), (0, 1));
}

#[test]
fn a_handler_that_faults_gives_no_answer() {
    let event = event_of::<Sum, Contained>();
    let _a = event.install(closure::<Sum>(10)).unwrap();
    let lies = |frame: &mut SumFrame| {
        frame.result = 666;
        fault();
    };
    let _faults = event.install(extension_that::<Sum, _>(lies)).unwrap();
    let mut frame = SumFrame { result: 5, ..SumFrame::default() };
    assert_eq!(raise_with(event, &mut frame), FAULT);
    assert_eq!(frame.result, 10, "the answer of the one that ran");
}

#[test]
fn if_the_only_answer_was_discarded_the_raisers_own_is_left() {
    let lies = |frame: &mut SumFrame| {
        frame.result = 666;
        fault();
    };
    for others in [0, 1] {
        let event = event_of::<Sum, Contained>();
        let _faults = event.install(extension_that::<Sum, _>(lies)).unwrap();
        let never = spindle_dispatcher::Guard::kernel::<Sum>(|_| false).unwrap();
        let _guarded = (others == 1).then(|| event.install(closure::<Sum>(1).with_guard(never)).unwrap());
        let mut frame = SumFrame { result: 5, ..SumFrame::default() };
        assert_eq!(raise_with(event, &mut frame), FAULT);
        assert_eq!(frame.result, 5, "with {others} other handlers");
    }
}

#[test]
fn what_follows_a_fault_finds_the_initial_answer() {
    let event = event_of::<Sum, Contained>();
    let _faults = event.install(extension_that::<Sum, _>(|frame: &mut SumFrame| {
        frame.result = 666;
        fault();
    }));
    let adds = |frame: &mut SumFrame| frame.result += 1;
    let _adds = event.install(extension_that::<Sum, _>(adds)).unwrap();
    let mut frame = SumFrame { result: 5, ..SumFrame::default() };
    assert_eq!(raise_with(event, &mut frame), FAULT);
    assert_eq!(frame.result, 6);
}

#[test]
fn a_chain_goes_on_behind_a_fault() {
    let event = event_of::<Ask, Contained>();
    let knows_and_faults = |frame: &mut AskFrame| {
        frame.result = Some(1);
        fault();
    };
    let _faults = event.install(extension_that::<Ask, _>(knows_and_faults)).unwrap();
    let _knows = event.install(closure::<Ask>(2)).unwrap();
    let mut frame = AskFrame { given: 2, ..AskFrame::default() };
    assert_eq!(raise_with(event, &mut frame), FAULT);
    assert_eq!((frame.seen, frame.result), (vec![2], Some(2)));
}

#[test]
fn a_disabled_owner_is_not_entered_again() {
    let event = event();
    let faults = event.install(extension_that::<Packet, _>(|_| fault())).unwrap();
    let _other = event.install(extension_of::<Packet>(2, Owner(2))).unwrap();
    assert_eq!(outcome(event).0, FAULT);
    Contained::with(|strand| event.core().disable_owner(strand, Owner(1)));
    assert_eq!(outcome(event), (Ok(()), vec![2]));
    let counters = counters(event, faults.id());
    assert_eq!((counters.calls, counters.faults), (1, 1));
}

#[test]
fn a_disabled_owner_that_is_alone_is_not_entered_again_either() {
    let event = event();
    let _faults = event.install(extension_that::<Packet, _>(|_| fault())).unwrap();
    Contained::with(|strand| event.core().disable_owner(strand, Owner(1)));
    assert_eq!(outcome(event), (Ok(()), vec![]));
    let event = event_of::<Sum, Contained>();
    let _alone = event.install(extension_of::<Sum>(1, Owner(1))).unwrap();
    Contained::with(|strand| event.core().disable_owner(strand, Owner(1)));
    assert_eq!(raise_with(event, &mut SumFrame::default()), Err(RaiseError::NoHandler));
}

#[test]
fn a_disabled_owners_guards_hold_no_more_until_lifted() {
    let event = event();
    let handler = event.install(extension_of::<Packet>(2, Owner(2))).unwrap();
    let imposed = handler.impose(extension_guard::<Packet, _>(Owner(1), |_| true)).unwrap();
    assert_eq!(outcome(event), (Ok(()), vec![2]));
    Contained::with(|strand| event.core().disable_owner(strand, Owner(1)));
    assert_eq!(outcome(event), (Ok(()), vec![]));
    let _ticket = spindle_dispatcher::lift(imposed).unwrap();
    assert_eq!(outcome(event), (Ok(()), vec![2]));
}

#[test]
fn a_callee_in_use_elsewhere_is_passed_over_and_nobody_is_blamed() {
    for others in [0, 1] {
        let event = event();
        let in_use = event.install(extension_of::<Packet>(1, Owner(1))).unwrap();
        let _other = (others == 1).then(|| event.install(extension_of::<Packet>(2, Owner(2))).unwrap());
        let (result, seen) = while_in_use(Owner(1), || outcome(event));
        assert_eq!(result, Err(RaiseError::Busy(Owner(1))));
        assert_eq!(seen.len(), others);
        let counters = counters(event, in_use.id());
        assert_eq!((counters.calls, counters.faults), (0, 0));
        assert!(outcome(event).0.is_ok(), "later it takes raises again");
    }
}

#[test]
fn a_fault_says_more_than_being_in_use() {
    let event = event();
    let _in_use = event.install(extension_of::<Packet>(3, Owner(3))).unwrap();
    let _faults = event.install(extension_that::<Packet, _>(|_| fault())).unwrap();
    assert_eq!(while_in_use(Owner(3), || outcome(event)).0, FAULT);
}

#[test]
fn a_fault_inside_a_nested_raise_is_the_inner_raisers_to_handle() {
    let inner = event();
    let _faults = inner.install(extension_that::<Packet, _>(|_| fault())).unwrap();
    let event = event();
    let raises = move |frame: &mut PacketFrame| {
        let result = raise_with(inner, &mut PacketFrame::default());
        frame.seen.push(u64::from(result == FAULT));
    };
    let _raises = event.install(extension_that::<Packet, _>(raises)).unwrap();
    assert_eq!(outcome(event), (Ok(()), vec![1]));
}

#[test]
fn a_fold_that_faults_leaves_the_later_answer() {
    unsafe extern "C" fn faults(_closure: *const (), _fold: *mut ()) {
        fault();
    }
    let event = event_of::<Sum, Contained>();
    // SAFETY: `faults` touches neither.
    let fold = unsafe { spindle_dispatcher::Handler::extension(faults, std::ptr::null(), Owner(1)) };
    let _fold = event.install(fold.as_result()).unwrap();
    let _a = event.install(closure::<Sum>(1)).unwrap();
    let _b = event.install(closure::<Sum>(2)).unwrap();
    let mut frame = SumFrame::default();
    assert_eq!(raise_with(event, &mut frame), FAULT);
    assert_eq!(frame.result, 2);
}

#[test]
fn a_post_guard_that_faults_discards() {
    let event = event_of::<Sum, Contained>();
    let post = extension_guard::<Sum, _>(Owner(1), |_| {
        fault();
        true
    });
    let _a = event.install(closure::<Sum>(1).with_guard(post.post())).unwrap();
    let mut frame = SumFrame { result: 9, ..SumFrame::default() };
    assert_eq!(raise_with(event, &mut frame), FAULT);
    assert_eq!(frame.result, 9);
}

#[test]
fn a_default_handler_is_not_asked_after_a_fault() {
    // The fault is the raiser's answer: somebody did try.
    let event = event();
    let _faults = event.install(extension_that::<Packet, _>(|_| fault())).unwrap();
    let _default = event.install(closure::<Packet>(1).as_default()).unwrap();
    let _guarded = event.install(closure::<Packet>(2).with_guard(packet_guard(|_| false))).unwrap();
    assert_eq!(outcome(event), (FAULT, vec![]));
}
