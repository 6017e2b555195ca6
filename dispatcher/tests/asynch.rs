//! Asynchronous handlers and events: the raiser goes on at once, and whoever delivers calls them later.
#![allow(clippy::unwrap_used, reason = "what does not work in a helper fails the test that asked for it")]
mod support;

use spindle_abi::Key;
use spindle_dispatcher::{
    Event, Guard, InstallError, KeyGuard, Owner, RaiseError, deliver, is_anything_queued, uninstall,
};
use std::sync::{Mutex, MutexGuard, PoisonError};
use support::events::{Note, NoteFrame, Packet, Sum, Tick, Traced};
use support::strand::{Contained, Current, fault, wakes};
use support::{
    TEST, closure, counters, event_of, extension_guard, extension_of, extension_that, leaked, raise_with,
    remove,
};

/// Who saw which stamp, in order.
type Log = &'static Mutex<Vec<(u64, u64)>>;

/// Whoever delivers delivers everything that is queued in the process: one test at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn raise<E>(event: &'static Event<E, Contained>, stamp: u64, log: Log) -> Result<(), RaiseError>
where
    E: for<'a> Traced<Frame<'a> = NoteFrame>,
{
    raise_with(event, &mut NoteFrame { stamp, log, result: () })
}

/// Delivers all there is; returns how much that was.
fn deliver_all() -> usize {
    Contained::with(|strand| deliver(strand, usize::MAX))
}

fn taken(log: Log) -> Vec<(u64, u64)> {
    std::mem::take(&mut log.lock().unwrap())
}

#[test]
fn the_raiser_goes_on_and_the_handler_runs_when_somebody_delivers() {
    let _alone = alone();
    for handler in [closure::<Note>(1), extension_of::<Note>(1, Owner(1))] {
        let (event, log) = (event_of::<Note, Contained>(), leaked(Mutex::default()));
        let installed = event.install(handler.asynchronous()).unwrap();
        let wakes_before = wakes();
        raise(event, 10, log).unwrap();
        raise(event, 11, log).unwrap();
        assert_eq!((taken(log), counters(event, installed.id()).calls), (vec![], 0));
        assert!(wakes() > wakes_before && is_anything_queued(), "the executor was told");
        assert_eq!(deliver_all(), 2);
        assert_eq!((taken(log), counters(event, installed.id()).calls), (vec![(1, 10), (1, 11)], 2));
        assert!(!is_anything_queued());
        remove(installed);
    }
}

#[test]
fn synchronous_handlers_beside_it_run_at_once() {
    let _alone = alone();
    let (event, log) = (event_of::<Note, Contained>(), leaked(Mutex::default()));
    let later = event.install(closure::<Note>(1).asynchronous()).unwrap();
    let _now = event.install(extension_of::<Note>(2, Owner(1))).unwrap();
    raise(event, 7, log).unwrap();
    assert_eq!(taken(log), [(2, 7)]);
    deliver_all();
    assert_eq!(taken(log), [(1, 7)]);
    remove(later);
}

#[test]
fn it_gets_the_arguments_as_they_were_when_its_turn_came_in_the_raise() {
    let _alone = alone();
    let (event, log) = (event_of::<Note, Contained>(), leaked(Mutex::default()));
    let changes = |frame: &mut NoteFrame| frame.stamp += 100;
    let _before = event.install(extension_that::<Note, _>(changes)).unwrap();
    let later = event.install(closure::<Note>(1).asynchronous()).unwrap();
    let _behind = event.install(extension_that::<Note, _>(changes)).unwrap();
    let mut frame = NoteFrame { stamp: 1, log, result: () };
    raise_with(event, &mut frame).unwrap();
    assert_eq!(frame.stamp, 201);
    deliver_all();
    assert_eq!(taken(log), [(1, 101)]);
    remove(later);
}

#[test]
fn keys_and_guards_decide_when_it_is_raised() {
    let _alone = alone();
    let (event, log) = (event_of::<Note, Contained>(), leaked(Mutex::default()));
    let switch: Log = leaked(Mutex::default());
    let is_on = Guard::kernel::<Note>(|_| !switch.lock().unwrap().is_empty()).unwrap();
    let five = KeyGuard::new(0, Key::Integer(5)).unwrap();
    let later = closure::<Note>(1).asynchronous().with_key(five).with_guard(is_on);
    let later = event.install(later).unwrap();
    raise(event, 5, log).unwrap();
    switch.lock().unwrap().push((0, 0));
    raise(event, 5, log).unwrap();
    raise(event, 6, log).unwrap();
    switch.lock().unwrap().clear();
    assert_eq!((deliver_all(), taken(log)), (1, vec![(1, 5)]));
    assert_eq!(counters(event, later.id()).rejections, 1);
    remove(later);
}

#[test]
fn being_queued_counts_as_having_run() {
    let _alone = alone();
    let (event, log) = (event_of::<Note, Contained>(), leaked(Mutex::default()));
    let later = event.install(closure::<Note>(1).asynchronous().cancelling()).unwrap();
    let _default = event.install(closure::<Note>(2).as_default()).unwrap();
    let _behind = event.install(closure::<Note>(3)).unwrap();
    raise(event, 1, log).unwrap();
    assert_eq!(taken(log), [], "neither the default handler nor those behind one that cancels");
    deliver_all();
    assert_eq!(taken(log), [(1, 1)]);
    remove(later);
}

#[test]
fn it_is_refused_where_arguments_or_results_cannot_wait() {
    for (name, refused) in [
        ("test.Packet", event_of::<Packet, Contained>().install(closure::<Packet>(1).asynchronous())),
        ("test.Sum", event_of::<Sum, Contained>().install(closure::<Sum>(1).asynchronous())),
    ] {
        assert_eq!(refused.unwrap_err(), InstallError::NotAsynchronous(name));
    }
}

#[test]
fn what_waits_for_a_handler_goes_with_it() {
    let _alone = alone();
    let (event, log) = (event_of::<Note, Contained>(), leaked(Mutex::default()));
    let later = event.install(closure::<Note>(1).asynchronous()).unwrap();
    let stays = event.install(closure::<Note>(2).asynchronous()).unwrap();
    raise(event, 1, log).unwrap();
    uninstall(later).unwrap().wait(&support::GRACE).unwrap();
    deliver_all();
    assert_eq!(taken(log), [(2, 1)]);
    remove(stays);
}

#[test]
fn a_fault_in_a_delivery_is_counted_and_the_next_frame_is_delivered() {
    let _alone = alone();
    let (event, log) = (event_of::<Note, Contained>(), leaked(Mutex::default()));
    let faults_at_one = |frame: &mut NoteFrame| {
        if frame.stamp == 1 {
            fault();
        } else {
            Note::sign(frame, 1);
        }
    };
    let later = event.install(extension_that::<Note, _>(faults_at_one).asynchronous()).unwrap();
    assert_eq!(raise(event, 1, log), Ok(()), "the raiser has gone on long since");
    assert_eq!(raise(event, 2, log), Ok(()));
    deliver_all();
    let counters = counters(event, later.id());
    assert_eq!((taken(log), counters.calls, counters.faults), (vec![(1, 2)], 2, 1));
    remove(later);
}

#[test]
fn a_delivery_may_raise_the_same_event() {
    let _alone = alone();
    let (event, log) = (event_of::<Note, Contained>(), leaked(Mutex::default()));
    let counts_down = move |frame: &mut NoteFrame| {
        Note::sign(frame, 1);
        if frame.stamp > 0 {
            raise(event, frame.stamp - 1, frame.log).unwrap();
        }
    };
    let later = event.install(extension_that::<Note, _>(counts_down).asynchronous()).unwrap();
    raise(event, 3, log).unwrap();
    while is_anything_queued() {
        deliver_all();
    }
    assert_eq!(taken(log), [(1, 3), (1, 2), (1, 1), (1, 0)]);
    remove(later);
}

#[test]
fn of_an_asynchronous_event_the_whole_raise_waits() {
    let _alone = alone();
    let event: &'static Event<Note, Contained> = leaked(Event::new().of(&TEST).asynchronous());
    let log: Log = leaked(Mutex::default());
    let a = event.install(closure::<Note>(1)).unwrap();
    let b =
        event.install(extension_of::<Note>(2, Owner(1)).with_key(KeyGuard::new(0, Key::Integer(8)).unwrap()));
    raise(event, 7, log).unwrap();
    raise(event, 8, log).unwrap();
    assert_eq!((taken(log), event.core().queued().map(|(waiting, _)| waiting)), (vec![], Some(2)));
    let first = event.install(closure::<Note>(3).ordered(spindle_dispatcher::Order::First)).unwrap();
    assert_eq!(deliver_all(), 2);
    let expected = [(3, 7), (1, 7), (3, 8), (1, 8), (2, 8)];
    assert_eq!(taken(log), expected, "dispatched when delivered: to those who are bound then");
    [a, b.unwrap(), first].into_iter().for_each(remove);
}

#[test]
fn in_an_interrupt_only_the_kernel_is_called_at_once() {
    let _alone = alone();
    let (event, log) = (event_of::<Tick, Contained>(), leaked(Mutex::default()));
    let refused = InstallError::SynchronousInInterrupt("test.Tick");
    assert_eq!(event.install(extension_of::<Tick>(1, Owner(1))).unwrap_err(), refused);
    assert_eq!(event.install(extension_of::<Tick>(1, Owner(1)).as_default()).unwrap_err(), refused);
    let guard = || extension_guard::<Tick, _>(Owner(1), |_| true);
    let guarded = extension_of::<Tick>(1, Owner(1)).asynchronous().with_guard(guard());
    assert_eq!(event.install(guarded).unwrap_err(), refused);
    assert_eq!(event.core().impose_on_all(guard()).unwrap_err(), refused);
    let kernels = event.install(closure::<Tick>(1)).unwrap();
    assert_eq!(kernels.impose(guard()).unwrap_err(), refused);
    let theirs = event.install(extension_of::<Tick>(2, Owner(1)).asynchronous()).unwrap();
    raise(event, 1, log).unwrap();
    assert_eq!(taken(log), [(1, 1)]);
    deliver_all();
    assert_eq!(taken(log), [(2, 1)]);
    remove(theirs);
}
