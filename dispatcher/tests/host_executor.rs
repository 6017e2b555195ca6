//! The host's executor: a thread that delivers what is raised asynchronously, and the strands of many threads.
mod sample;

use sample::{Frame, Got, Sample, SampleEvent, alone, counters, event, raise, waiting};
use spindle_dispatcher::host::{Executor, HostGrace, HostStrand};
use spindle_dispatcher::{Handler, KernelHandler, Policy, Strand, uninstall};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

/// Waits until it is so, or fails.
fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < deadline, "not within 20 s: {what}");
        thread::yield_now();
    }
}

#[test]
fn handlers_run_on_its_thread() {
    let _alone = alone();
    let event = event(Policy::DropNewest, 8);
    let (here, got) = (thread::current().id(), Got::default());
    let elsewhere = got.clone();
    let handler = Handler::closure::<Sample>(move |frame| {
        assert_ne!(thread::current().id(), here);
        elsewhere.push(frame.value);
    });
    let _installed = event.install(handler.unwrap().asynchronous()).unwrap();
    let executor = Executor::start().unwrap();
    raise(event, [1, 2]);
    eventually("both are handled", || got.values() == [1, 2]);
    drop(executor);
    raise(event, [3]);
    assert_eq!(got.values(), [1, 2], "nobody delivers any more");
    let _executor = Executor::start().unwrap();
    eventually("what waited is handled by the next one", || got.values() == [1, 2, 3]);
}

#[test]
fn it_wakes_for_every_raise_however_long_it_slept() {
    let _alone = alone();
    let (event, got) = (event(Policy::DropNewest, 1), Got::default());
    let _installed = event.install(got.handler()).unwrap();
    let _executor = Executor::start().unwrap();
    for value in 0..2_000 {
        raise(event, [value]);
        eventually("the raise is handled", || got.values().len() as u64 == value + 1);
    }
}

#[test]
fn who_blocks_loses_nothing() {
    const EACH: u64 = 3_000;
    let _alone = alone();
    let (event, got) = (event(Policy::Block, 2), Got::default());
    let _installed = event.install(got.handler()).unwrap();
    let _executors = [Executor::start().unwrap(), Executor::start().unwrap()];
    thread::scope(|scope| {
        for raiser in 0..2 {
            scope.spawn(move || raise(event, (0..EACH).map(|n| raiser * EACH + n)));
        }
    });
    eventually("all are handled", || got.values().len() as u64 == 2 * EACH);
    for raiser in 0..2 {
        let values = got.values();
        let of_one = values.iter().copied().filter(|value| value / EACH == raiser);
        assert!(of_one.eq(raiser * EACH..(raiser + 1) * EACH), "in order, by one thread at a time");
    }
    assert_eq!(counters(event.core())[0].drops, 0);
}

#[test]
fn after_an_uninstall_was_waited_for_the_handler_does_not_run() {
    let _alone = alone();
    let event = event(Policy::DropOldest, 4);
    let _executor = Executor::start().unwrap();
    for _ in 0..300 {
        let running = Arc::new(());
        let inside = Arc::clone(&running);
        let handler = Handler::closure::<Sample>(move |_| drop(Arc::clone(&inside)));
        let installed = event.install(handler.unwrap().asynchronous()).unwrap();
        raise(event, 0..3);
        uninstall(installed).unwrap().wait(&HostGrace).unwrap();
        raise(event, 0..3);
        assert_eq!(Arc::strong_count(&running), 1, "its closure is gone, and nobody is in it");
    }
    assert_eq!(waiting(event.core()), []);
}

#[test]
fn strands_have_slots_of_their_own_while_there_are_some_and_every_call_is_counted() {
    const THREADS: u64 = 24;
    const EACH: u64 = 20_000;
    struct Nothing;
    impl KernelHandler<Sample> for Nothing {
        fn handle(_: &mut Frame) {}
    }
    let _alone = alone();
    let event: &'static SampleEvent = event(Policy::DropNewest, 1);
    let _installed = event.install(Handler::kernel::<Sample, Nothing>()).unwrap();
    let all_there = Barrier::new(THREADS as usize);
    let mut slots: Vec<usize> = thread::scope(|scope| {
        let raiser = || {
            let slot = HostStrand::with_current(Strand::slot);
            all_there.wait();
            raise(event, 0..EACH);
            slot
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(raiser)).collect();
        threads.into_iter().map(|thread| thread.join().expect("a raiser ends")).collect()
    });
    assert_eq!(counters(event.core())[0].calls, THREADS * EACH);
    let shared = HostStrand::SLOTS - 1;
    slots.retain(|slot| *slot != shared);
    assert!(slots.iter().all(|slot| *slot < shared) && !slots.is_empty());
    let count = slots.len();
    slots.sort_unstable();
    slots.dedup();
    assert_eq!(slots.len(), count, "no slot but the last has two threads at a time");
}

#[test]
fn time_goes_on() {
    let before = HostStrand::now();
    thread::sleep(Duration::from_millis(2));
    let elapsed_ns = HostStrand::now() - before;
    assert!(elapsed_ns >= 2_000_000, "in nanoseconds: {elapsed_ns}");
}

#[test]
fn raises_that_wait_for_room_return_when_the_handler_is_uninstalled() {
    const RAISES: u64 = 30;
    let _alone = alone();
    let (event, inside) = (event(Policy::Block, 1), Arc::new(Barrier::new(2)));
    let meets = Arc::clone(&inside);
    let handler = Handler::closure::<Sample>(move |_| {
        meets.wait();
        meets.wait();
    });
    let installed = event.install(handler.unwrap().asynchronous()).unwrap();
    let _executor = Executor::start().unwrap();
    raise(event, [0]);
    inside.wait();
    raise(event, [1]);
    // More than there is room for, and more than are delivered at a time.
    let raisers: Vec<_> = (0..RAISES).map(|value| thread::spawn(move || raise(event, [value]))).collect();
    thread::sleep(Duration::from_millis(100));
    let ticket = uninstall(installed).unwrap();
    inside.wait();
    eventually("nobody waits any more", || raisers.iter().all(thread::JoinHandle::is_finished));
    ticket.wait(&HostGrace).unwrap();
}

#[test]
fn what_somebody_else_leaves_behind_at_his_limit_is_delivered() {
    let _alone = alone();
    let (event, got) = (event(Policy::DropNewest, 8), Got::default());
    let (keeps, inside) = (got.clone(), Arc::new(Barrier::new(2)));
    let meets = Arc::clone(&inside);
    let handler = Handler::closure::<Sample>(move |frame| {
        if frame.value == 0 {
            meets.wait();
            meets.wait();
        }
        keeps.push(frame.value);
    });
    let _installed = event.install(handler.unwrap().asynchronous()).unwrap();
    raise(event, [0]);
    let other = thread::spawn(|| sample::run(1));
    inside.wait();
    let _executor = Executor::start().unwrap();
    raise(event, [1, 2]);
    // It looks, finds that somebody is delivering, and sleeps.
    thread::sleep(Duration::from_millis(100));
    inside.wait();
    assert_eq!(other.join().unwrap(), 1);
    eventually("the rest is delivered", || got.values() == [0, 1, 2]);
}
