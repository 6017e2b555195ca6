//! Asynchronous handlers: what is raised is delivered once or counted as lost, nothing waits unannounced, and nothing is
//! delivered once the handler's ticket was waited for.
//!
//! Seen to fail when, on purpose, a push was not announced, or the announcement was cleared after the look; an uninstall left the
//! mailbox its target; a ring passed a place on before the copy, or with relaxed order; a lost frame was not counted; the
//! buffer of the latest frame was released before it was read.

use crate::support::{
    Frame, Life, ModelStrand, SignalEvent, check, event_with, is_over, must_be_over, raise,
};
use loom::thread;
use spindle_dispatcher::{Delivery, Policy, deliver, is_anything_queued, uninstall};

/// How many frames the first binding of `event` has lost.
fn lost(event: &'static SignalEvent) -> u64 {
    let mut lost = 0;
    let strand = ModelStrand::new(0);
    event.core().for_each_binding(&strand, |binding| lost = binding.counters().drops);
    lost
}

/// Two strands raise while a third delivers; then the rest is delivered, if it is announced.
fn raise_and_deliver(policy: Policy, capacity: u16, raises: usize) {
    let event = event_with(Delivery::new(policy, capacity));
    let life = Life::new(1);
    let installed = event.install(life.extension().asynchronous()).unwrap();
    let raiser = thread::spawn(move || {
        let strand = ModelStrand::new(0);
        (0..raises).for_each(|_| drop(raise(event, &strand)));
    });
    let strand = ModelStrand::new(1);
    let mut delivered = deliver(&strand, 1);
    raiser.join().unwrap();
    while is_anything_queued() {
        delivered += deliver(&strand, 1);
    }
    assert_eq!(delivered, life.calls());
    assert_eq!(
        life.calls() as u64 + lost(event),
        raises as u64,
        "each was delivered once, or is counted as lost"
    );
    assert!(life.calls() > 0, "the last to come is never the one that is lost while none waits");
    must_be_over(&uninstall(installed).unwrap());
}

#[test]
fn the_newest_gives_way() {
    check(|| raise_and_deliver(Policy::DropNewest, 1, 2));
}

#[test]
fn the_oldest_gives_way() {
    check(|| raise_and_deliver(Policy::DropOldest, 1, 2));
}

#[test]
fn only_the_latest_waits() {
    check(|| raise_and_deliver(Policy::Coalesce, 1, 2));
}

#[test]
fn there_is_room_for_all() {
    check(|| raise_and_deliver(Policy::DropNewest, 2, 2));
}

#[test]
fn after_the_ticket_nothing_is_delivered() {
    check(|| {
        let event = event_with(Delivery::DEFAULT);
        let life = Life::new(1);
        let installed = event.install(life.extension().asynchronous()).unwrap();
        raise(event, &ModelStrand::new(0));
        let executor = thread::spawn(move || deliver(&ModelStrand::new(0), 4));
        let ticket = uninstall(installed).unwrap();
        if is_over(&ticket) {
            life.end();
        }
        executor.join().unwrap();
        assert_eq!(deliver(&ModelStrand::new(1), 4), 0);
        assert!(life.calls() <= 1);
        must_be_over(&ticket);
    });
}

#[test]
fn a_frame_of_a_ring_is_not_torn() {
    check(|| deliver_whole(Delivery::new(Policy::DropOldest, 1)));
}

#[test]
fn a_frame_that_takes_anothers_place_is_not_torn() {
    check(|| deliver_whole(Delivery::new(Policy::Coalesce, 1)));
}

/// Raises while another strand delivers: every frame that comes out was put in so.
fn deliver_whole(delivery: Delivery) {
    let event = event_with(delivery);
    let whole = |frame: &mut Frame| {
        let words = [frame.seen[0], frame.seen[1], frame.seen[2], frame.seen[3]];
        assert!(words.iter().all(|&word| word == frame.port), "{words:?} of {}", frame.port);
    };
    let handler = spindle_dispatcher::Handler::closure::<crate::support::Signal>(whole).unwrap();
    let _installed = event.install(handler.asynchronous()).unwrap();
    let raise = move |port, strand: &ModelStrand| {
        let mut frame = Frame { port, seen: [port; 4], ..Frame::default() };
        event.raise(strand, &mut frame).unwrap();
    };
    let strand = ModelStrand::new(1);
    raise(1, &strand);
    let raiser = thread::spawn(move || [2, 3].into_iter().for_each(|port| raise(port, &ModelStrand::new(0))));
    deliver(&strand, 1);
    raiser.join().unwrap();
    deliver(&strand, 4);
}
