//! Post-guards: evaluated on what a handler left, they decide whether it counts as having run.
#![allow(clippy::unwrap_used, reason = "what does not work in a helper fails the test that asked for it")]
mod support;

use spindle_dispatcher::{Guard, RaiseError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use support::events::{Ask, AskFrame, Packet, Sum, SumFrame};
use support::strand::Contained;
use support::{closure, counters, event, event_of, extension, extension_of, packet_guard, raise_with, seen};

fn at_most(limit: u64) -> Guard {
    Guard::kernel::<Sum>(move |frame| frame.result <= limit).unwrap().post()
}

#[test]
fn it_sees_the_frame_as_the_handler_left_it() {
    let event = event();
    let order = Arc::new(AtomicU64::new(0));
    let seen_before = Arc::clone(&order);
    let post = packet_guard(move |frame| {
        seen_before.store(frame.seen.len() as u64, Ordering::Relaxed);
        true
    });
    let _installed = event.install(extension(1).with_guard(post.post())).unwrap();
    assert_eq!(seen(event), [1]);
    assert_eq!(order.load(Ordering::Relaxed), 1, "the handler had signed already");
}

#[test]
fn an_answer_that_it_refuses_is_discarded() {
    let event = event_of::<Sum, Contained>();
    let _a = event.install(closure::<Sum>(3)).unwrap();
    let high = event.install(closure::<Sum>(100).with_guard(at_most(9))).unwrap();
    let mut frame = SumFrame::default();
    raise_with(event, &mut frame).unwrap();
    assert_eq!((frame.seen, frame.result), (vec![3, 100], 3), "it ran, and its answer does not count");
    let counters = counters(event, high.id());
    assert_eq!((counters.calls, counters.rejections), (1, 1));
}

#[test]
fn if_nobody_else_answered_nobody_did() {
    let event = event_of::<Sum, Contained>();
    let _high = event.install(closure::<Sum>(100).with_guard(at_most(9))).unwrap();
    let mut frame = SumFrame { result: 7, ..SumFrame::default() };
    assert_eq!(raise_with(event, &mut frame), Err(RaiseError::NoHandler));
    let _default = event.install(closure::<Sum>(1).as_default()).unwrap();
    raise_with(event, &mut frame).unwrap();
    assert_eq!(frame.result, 1);
}

#[test]
fn what_is_refused_does_not_end_a_chain() {
    let event = event_of::<Ask, Contained>();
    let never = Guard::kernel::<Ask>(|_| false).unwrap().post();
    let _refused = event.install(closure::<Ask>(1).with_guard(never)).unwrap();
    let answers = |frame: &mut AskFrame| frame.result = Some(20);
    let _next = event.install(support::extension_that::<Ask, _>(answers)).unwrap();
    let mut frame = AskFrame { given: 1, ..AskFrame::default() };
    raise_with(event, &mut frame).unwrap();
    assert_eq!((frame.seen, frame.result), (vec![1], Some(20)));
}

#[test]
fn imposed_post_guards_watch_others_handlers() {
    let event = event_of::<Sum, Contained>();
    let _small = event.install(closure::<Sum>(3)).unwrap();
    let theirs = event.install(extension_of::<Sum>(100, spindle_dispatcher::Owner(1))).unwrap();
    let _imposed = theirs.impose(at_most(9)).unwrap();
    let mut frame = SumFrame::default();
    raise_with(event, &mut frame).unwrap();
    assert_eq!(frame.result, 3);
}

#[test]
fn guards_before_come_first_and_keep_the_handler_from_running() {
    let event = event_of::<Packet, Contained>();
    let installed = event.install(extension(1).with_guard(packet_guard(|_| false))).unwrap();
    let asked = Arc::new(AtomicU64::new(0));
    let counts = Arc::clone(&asked);
    let post = packet_guard(move |_| counts.fetch_add(1, Ordering::Relaxed) > u64::MAX - 1);
    let _imposed = installed.impose(post.post()).unwrap();
    assert_eq!((seen(event), asked.load(Ordering::Relaxed)), (vec![], 0));
}
