//! What waits for asynchronous handlers: each policy with its counters, order, fairness, and what happens to the rest.
mod sample;

use sample::{Frame, Got, Sample, alone, asynchronous_event, counters, event, raise, run, waiting};
use spindle_abi::{Declaration, EventSpec, Key, KeyField};
use spindle_dispatcher::host::{HostGrace, HostStrand};
use spindle_dispatcher::{
    Callee, Crossed, Event, Executor, Handler, InstallError, Mark, Owner, Policy, RaiseError, Strand, What,
    deliver, is_anything_queued, recorded, uninstall,
};
use std::cell::Cell;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

/// Raises 1 to 5 with three places, and returns what waits, what was dropped, and what was handled in the end.
fn five_into_three(policy: Policy) -> (Vec<usize>, u64, Vec<u64>) {
    let (event, got) = (event(policy, 3), Got::default());
    let _installed = event.install(got.handler()).expect("nothing is wrong with it");
    raise(event, 1..=5);
    assert_eq!(got.values(), [], "nothing is handled by the raise itself");
    let waiting = waiting(event.core());
    run(100);
    let counted = counters(event.core())[0];
    assert_eq!(counted.calls, got.values().len() as u64);
    (waiting, counted.drops, got.values())
}

#[test]
fn the_newest_is_dropped() {
    let _alone = alone();
    assert_eq!(five_into_three(Policy::DropNewest), (vec![3], 2, vec![1, 2, 3]));
}

#[test]
fn the_oldest_is_dropped() {
    let _alone = alone();
    assert_eq!(five_into_three(Policy::DropOldest), (vec![3], 2, vec![3, 4, 5]));
}

#[test]
fn the_latest_takes_the_place_of_the_one_before() {
    let _alone = alone();
    assert_eq!(five_into_three(Policy::Coalesce), (vec![1], 4, vec![5]));
}

#[test]
fn who_would_block_drops_where_nobody_delivers() {
    let _alone = alone();
    assert_eq!(five_into_three(Policy::Block), (vec![3], 2, vec![1, 2, 3]));
}

#[test]
fn a_whole_raise_waits_for_all_handlers() {
    let _alone = alone();
    let (event, first, second) = (asynchronous_event(Policy::DropOldest, 2), Got::default(), Got::default());
    assert_eq!(event.core().queued(), Some((0, 0)));
    let _first = event.install(first.synchronous_handler()).unwrap();
    raise(event, 1..=3);
    assert_eq!(event.core().queued(), Some((2, 1)));
    let _second = event.install(second.synchronous_handler()).unwrap();
    assert_eq!(run(100), 2);
    assert_eq!(
        (first.values(), second.values()),
        (vec![2, 3], vec![2, 3]),
        "whoever is bound when it is delivered"
    );
}

#[test]
fn what_waits_is_handled_in_order_and_no_more_than_asked_for() {
    let _alone = alone();
    let (event, got) = (event(Policy::DropNewest, 100), Got::default());
    let _installed = event.install(got.handler()).unwrap();
    raise(event, 0..50);
    assert_eq!((run(20), got.values().len()), (20, 20));
    assert!(is_anything_queued());
    assert_eq!(run(100), 30);
    assert!(!is_anything_queued());
    assert!(got.values().into_iter().eq(0..50));
}

#[test]
fn a_full_queue_does_not_keep_others_waiting() {
    let _alone = alone();
    let (event, many, few) = (event(Policy::DropNewest, 1000), Got::default(), Got::default());
    let _many = event.install(many.handler()).unwrap();
    raise(event, 0..900);
    let _few = event.install(few.handler()).unwrap();
    raise(event, 900..910);
    run(100);
    assert_eq!(few.values().len(), 10, "its turn came long before the other queue was empty");
    assert_eq!(many.values().len(), 90);
    run(1000);
}

#[test]
fn a_handler_may_raise_its_own_event() {
    let _alone = alone();
    let (event, got) = (event(Policy::DropNewest, 4), Got::default());
    let again = got.clone();
    let countdown = Handler::closure::<Sample>(move |frame| {
        again.push(frame.value);
        raise(event, frame.value.checked_sub(1));
    });
    let _installed = event.install(countdown.unwrap().asynchronous()).unwrap();
    raise(event, [3]);
    assert_eq!(run(100), 4);
    assert_eq!(got.values(), [3, 2, 1, 0]);
}

#[test]
fn a_raise_inside_a_delivery_does_not_block() {
    let _alone = alone();
    let (event, got) = (event(Policy::Block, 1), Got::default());
    let again = got.clone();
    let twice = Handler::closure::<Sample>(move |frame| {
        again.push(frame.value);
        raise(event, [1, 2].into_iter().filter(|_| frame.value == 0));
    });
    let _installed = event.install(twice.unwrap().asynchronous()).unwrap();
    raise(event, [0]);
    run(100);
    assert_eq!((got.values(), counters(event.core())[0].drops), (vec![0, 1], 1), "it would wait for itself");
}

#[test]
fn what_waits_for_a_handler_goes_with_it() {
    let _alone = alone();
    let (event, got, other) = (event(Policy::DropNewest, 8), Got::default(), Got::default());
    let installed = event.install(got.handler()).unwrap();
    let _other = event.install(other.handler()).unwrap();
    raise(event, 1..=3);
    uninstall(installed).unwrap().wait(&HostGrace).unwrap();
    assert_eq!(run(100), 3);
    assert_eq!((got.values(), other.values()), (vec![], vec![1, 2, 3]));
}

#[test]
fn what_waits_for_a_disabled_owner_is_dropped() {
    unsafe extern "C" fn never(_closure: *const (), _frame: *mut ()) {
        unreachable!("its owner is disabled");
    }
    let _alone = alone();
    let event = event(Policy::DropNewest, 8);
    // SAFETY: `never` uses neither closure nor frame.
    let handler = unsafe { Handler::extension(never, std::ptr::null(), Owner(7)) };
    let _installed = event.install(handler.asynchronous()).unwrap();
    raise(event, 1..=3);
    HostStrand::with_current(|strand| event.core().disable_owner(strand, Owner(7)));
    run(100);
    let counted = counters(event.core())[0];
    assert_eq!((counted.calls, counted.drops), (0, 3));
}

/// `event test.Long(words: [u64; N])`.
struct Long<const N: usize>;

// SAFETY: no other event has this declaration, and the two sizes below never meet.
unsafe impl<const N: usize> EventSpec for Long<N> {
    const DECLARATION: &'static Declaration =
        &Declaration::new("test.Long", "event test.Long(words: [u64; N])");
    const KEYS: &'static [KeyField] = &[];
    const QUEUEABLE: bool = true;
    type Frame<'a> = ([u64; N], ());
    type Result = ();

    fn result<'a>(frame: &'a mut Self::Frame<'_>) -> &'a mut () {
        &mut frame.1
    }

    fn key<'a>(_: &'a Self::Frame<'_>, _: usize) -> Key<'a> {
        unreachable!("no key fields")
    }
}

#[test]
fn frames_of_128_bytes_can_wait_and_no_longer_ones() {
    static SHORT: Event<Long<16>, HostStrand> = Event::new();
    static LONG: Event<Long<17>, HostStrand> = Event::new();
    let _alone = alone();
    let got = Got::default();
    let kept = got.clone();
    let handler = Handler::closure::<Long<16>>(move |frame| frame.0.iter().for_each(|word| kept.push(*word)));
    let _installed = SHORT.install(handler.unwrap().asynchronous()).unwrap();
    let mut frame = (core::array::from_fn(|place| place as u64), ());
    HostStrand::with_current(|strand| SHORT.raise(strand, &mut frame)).unwrap();
    run(1);
    assert!(got.values().into_iter().eq(0..16), "whole");
    let handler = Handler::closure::<Long<17>>(|_| ()).unwrap();
    let refused = LONG.install(handler.asynchronous());
    assert_eq!(refused, Err(InstallError::NotAsynchronous("test.Long")));
}

/// A strand on which extensions are in use so many more times. Nothing is ever freed under it.
struct Picky {
    busy: Cell<u64>,
}

static WAKES: AtomicU64 = AtomicU64::new(0);

struct Counts;

impl Executor for Counts {
    fn wake(&self) {
        WAKES.fetch_add(1, Ordering::Relaxed);
    }

    fn make_room(&self) -> bool {
        false
    }
}

// SAFETY: the test that uses it never waits for a ticket, so nothing is freed and marks matter to nobody.
unsafe impl Strand for Picky {
    const DIRECT_KERNEL_HANDLERS: bool = false;

    fn now() -> u64 {
        0
    }

    fn executor() -> &'static dyn Executor {
        &Counts
    }

    unsafe fn cross(&self, _source: &AtomicPtr<Callee>, callee: *mut Callee, frame: *mut ()) -> Crossed {
        if let Some(less) = self.busy.get().checked_sub(1) {
            self.busy.set(less);
            return Crossed::Declined;
        }
        // SAFETY: nothing is freed.
        let callee = unsafe { &*callee };
        callee.count_call(self.slot());
        // SAFETY: the caller vouches for the frame.
        unsafe { callee.enter(frame) };
        Crossed::Returned
    }

    unsafe fn mark(&self, _mark: &Mark) {}

    unsafe fn unmark(&self, _mark: &Mark) {}

    fn offender(&self) -> Owner {
        Owner(7)
    }
}

#[test]
fn what_meets_a_handler_in_use_is_delivered_later_in_its_place() {
    unsafe extern "C" fn keep(closure: *const (), frame: *mut ()) {
        // SAFETY: the closure is a `Got` that the test keeps.
        let got = unsafe { &*closure.cast::<Got>() };
        // SAFETY: the handler is installed on a sample event only.
        got.push(unsafe { &*frame.cast::<Frame>() }.value);
    }
    let _alone = alone();
    let event = event::<Picky>(Policy::DropNewest, 8);
    let got: &'static Got = Box::leak(Box::default());
    // SAFETY: `keep` takes a `Got`, which lives for ever, and a sample.
    let handler = unsafe { Handler::extension(keep, (&raw const *got).cast(), Owner(7)) };
    let _installed = event.install(handler.asynchronous()).unwrap();
    let strand = Picky { busy: Cell::new(2) };
    for value in 1..=3 {
        event.raise(&strand, &mut Frame { source: 0, value, result: () }).unwrap();
    }
    assert_eq!(WAKES.load(Ordering::Relaxed), 3, "every raise wakes the executor");
    assert_eq!(run(100), 0, "no strand of another kind delivers it");
    assert_eq!(deliver(&strand, 100), 0);
    assert!(is_anything_queued(), "somebody has to come back");
    assert_eq!(deliver(&strand, 100), 0);
    assert_eq!(deliver(&strand, 100), 3);
    assert_eq!(got.values(), [1, 2, 3]);
}

#[test]
fn a_raise_that_meets_a_handler_in_use_is_noted() {
    unsafe extern "C" fn never(_closure: *const (), _frame: *mut ()) {
        unreachable!("it is in use");
    }
    let _alone = alone();
    let event = event::<Picky>(Policy::DropNewest, 8);
    // SAFETY: `never` uses neither closure nor frame.
    let handler = || unsafe { Handler::extension(never, std::ptr::null(), Owner(7)) };
    let first = event.install(handler()).unwrap().id();
    let raise = |busy| {
        let strand = Picky { busy: Cell::new(busy) };
        event.raise(&strand, &mut Frame { source: 0, value: 1, result: () })
    };
    assert_eq!(raise(1), Err(RaiseError::Busy(Owner(7))), "entered straight from the raise");
    let second = event.install(handler()).unwrap().id();
    assert_eq!(raise(2), Err(RaiseError::Busy(Owner(7))), "entered by way of the table");
    let busy = recorded().filter(|entry| entry.event == event.core() && entry.what == What::Busy);
    let mut bindings: Vec<_> = busy.map(|entry| entry.binding).collect();
    bindings.reverse();
    assert_eq!(bindings, [first, first, second]);
}
