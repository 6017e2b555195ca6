//! D6: handlers of several events swapped as one while threads raise them.
//!
//! *Concepts*: each swap replaces the one handler of every event by that of the next *generation*. A raiser goes round the events
//! and checks that each raise was handled once, and that no generation comes after a later one: a swap that showed
//! itself on one event shows itself on all.

use spindle_abi::EventSpec;
use spindle_bench_host::{NANOSECONDS, Suite, ThreadEvent, thread_event};
use spindle_bench_method::Unit;
use spindle_dispatcher::host::{HostGrace, HostStrand};
use spindle_dispatcher::{Bound, Handler, Installed, Swap};
use spindle_interfaces::bench::Null;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const EVENTS: usize = 4;
const RAISERS: usize = 2;
const SWAPS: usize = 4_000;
const BETWEEN: Duration = Duration::from_micros(100);

static IS_OVER: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// How many handlers ran since the raise began.
    static CALLS: Cell<u64> = const { Cell::new(0) };
    /// Of which generation the last one was.
    static GENERATION: Cell<u64> = const { Cell::new(0) };
}

type Events = [&'static ThreadEvent<Null>; EVENTS];

/// What a raiser has seen.
#[derive(Default)]
struct Seen {
    raises: u64,
    lost: u64,
    duplicated: u64,
    torn: u64,
    /// The longest raise between one swap and the next, each.
    longest_ns: Vec<u64>,
}

pub(crate) fn run(suite: &Suite) {
    if !suite.wants("D6/swap") && !suite.wants("D6/lost") && !suite.wants("D6/duplicated") {
        return;
    }
    let events: Events = std::array::from_fn(|_| thread_event::<Null>());
    let mut installed: Vec<Installed> = bound(events, 0)
        .map(|bound| bound.install().map_err(|(_, error)| error).expect("there is memory"))
        .collect();
    let raisers: Vec<_> = (0..RAISERS).map(|_| thread::spawn(move || raise(events))).collect();
    let (mut swaps, mut waits) = (Vec::new(), Vec::new());
    for generation in 1..=SWAPS as u64 {
        let next = bound(events, generation).fold(Swap::new(), Swap::add);
        let swap = installed.into_iter().fold(next, Swap::remove);
        let start = Instant::now();
        let (added, ticket) = swap.commit().map_err(|(_, error)| error).expect("there is memory");
        swaps.push(nanoseconds(start.elapsed()));
        ticket.wait(&HostGrace).expect("this is outside any raise");
        waits.push(nanoseconds(start.elapsed()));
        installed = added;
        while start.elapsed() < BETWEEN {
            thread::yield_now();
        }
    }
    IS_OVER.store(true, Ordering::Release);
    let seen = raisers.into_iter().map(|raiser| raiser.join().expect("a raiser does not panic"));
    report(suite, seen.fold(Seen::default(), Seen::and), &mut swaps, &mut waits);
}

/// A handler of this generation for each event.
fn bound(events: Events, generation: u64) -> impl Iterator<Item = Bound> {
    events.into_iter().map(move |event| {
        let handle = move |_: &mut <Null as EventSpec>::Frame<'_>| {
            CALLS.set(CALLS.get() + 1);
            GENERATION.set(generation);
        };
        let handler = Handler::closure::<Null>(handle).expect("there is memory");
        event.bind(handler).expect("the handler is of this event")
    })
}

/// Raises the events in turn until it is over.
fn raise(events: Events) -> Seen {
    let (mut seen, mut generation, mut longest) = (Seen::default(), 0, 0);
    for event in events.into_iter().cycle() {
        if IS_OVER.load(Ordering::Relaxed) {
            break;
        }
        CALLS.set(0);
        let start = Instant::now();
        HostStrand::with_current(|strand| event.raise(strand, &mut Null::frame())).expect("nothing faults");
        longest = longest.max(nanoseconds(start.elapsed()));
        seen.count(CALLS.get(), GENERATION.get() < generation);
        if GENERATION.get() != generation {
            seen.longest_ns.push(longest);
            (generation, longest) = (GENERATION.get(), 0);
        }
    }
    seen
}

impl Seen {
    fn count(&mut self, calls: u64, is_torn: bool) {
        self.raises += 1;
        self.lost += u64::from(calls == 0);
        self.duplicated += calls.saturating_sub(1);
        self.torn += u64::from(is_torn);
    }

    fn and(mut self, other: Self) -> Self {
        self.longest_ns.extend(other.longest_ns);
        Self {
            raises: self.raises + other.raises,
            lost: self.lost + other.lost,
            duplicated: self.duplicated + other.duplicated,
            torn: self.torn + other.torn,
            longest_ns: self.longest_ns,
        }
    }
}

fn report(suite: &Suite, mut seen: Seen, swaps: &mut [u64], waits: &mut [u64]) {
    let name = "swap of a handler on each of 4 events while 2 threads raise them";
    suite.keep("D6/swap", name, NANOSECONDS, swaps, 1);
    let name = "the same until the old handlers are free";
    suite.keep("D6/swap/free", name, NANOSECONDS, waits, 1);
    let name = "the longest raise between two swaps, reading the clock included";
    suite.keep("D6/swap/delay", name, NANOSECONDS, &mut seen.longest_ns, 1);
    for (id, name, count) in [
        ("D6/swap/raises", "raises meanwhile", seen.raises),
        ("D6/lost", "of these, not handled", seen.lost),
        ("D6/duplicated", "handled once too often", seen.duplicated),
        ("D6/torn", "handled by a generation older than one seen before", seen.torn),
    ] {
        suite.keep(id, name, Unit::Times, &mut [count], 1);
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).expect("the benchmark does not run for centuries")
}
