//! D4: what an asynchronous raise costs its raiser, what delivering it costs, and how long it takes to its handler.

use spindle_abi::handler::Body;
use spindle_abi::{EventSpec, Invoke};
use spindle_bench_host::{NANOSECONDS, Nothing, Suite, ThreadEvent};
use spindle_dispatcher::host::{Executor, HostStrand};
use spindle_dispatcher::{Delivery, Handler, Policy, deliver};
use spindle_interfaces::bench::{Stamped, StampedHandler};
use std::sync::mpsc::{Sender, channel};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Raises in a row, fewer than a queue takes.
const BURST: u32 = 1_000;
const LATENCIES: usize = 2_000;
/// Long enough for the executor to have gone to sleep.
const PAUSE: Duration = Duration::from_micros(200);

pub(crate) fn run(suite: &mut Suite) {
    let event = event();
    let handler = Nothing::handler::<Stamped>().asynchronous();
    let _installed = event.install(handler).expect("the event can be queued");
    HostStrand::with_current(|strand| {
        raising(suite, strand, event);
        delivering(suite, strand, event);
    });
    if suite.wants("D4/latency") {
        latency(suite);
    }
}

fn event() -> &'static ThreadEvent<Stamped> {
    let delivery = Delivery::new(Policy::DropNewest, Delivery::MAX_CAPACITY);
    Box::leak(Box::new(ThreadEvent::new().delivery(delivery)))
}

fn raise(strand: &HostStrand, event: &'static ThreadEvent<Stamped>) {
    for _ in 0..BURST {
        event.raise(strand, &mut Stamped::frame(0)).expect("it is queued");
    }
}

fn empty(strand: &HostStrand) {
    while deliver(strand, usize::MAX) > 0 {}
}

fn raising(suite: &mut Suite, strand: &HostStrand, event: &'static ThreadEvent<Stamped>) {
    suite.time_each_part("D4/raise", "asynchronous raise, for the raiser", BURST, |watch| {
        watch.restart();
        raise(strand, event);
        watch.stop();
        empty(strand);
    });
}

fn delivering(suite: &mut Suite, strand: &HostStrand, event: &'static ThreadEvent<Stamped>) {
    suite.time_each_part("D4/deliver", "delivery of an asynchronous raise to its handler", BURST, |watch| {
        raise(strand, event);
        watch.restart();
        empty(strand);
        watch.stop();
    });
}

/// Says when it was called.
struct Reports;

/// When stamps began, and where to say it.
struct Reporter {
    start: Instant,
    to: Sender<u64>,
}

impl StampedHandler<Reporter> for Reports {
    fn handle(reporter: &Reporter, cycles: u64) {
        let late = nanoseconds_since(reporter.start).saturating_sub(cycles);
        reporter.to.send(late).expect("whoever raised it is waiting");
    }
}

fn nanoseconds_since(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_nanos()).expect("the benchmark does not run for centuries")
}

fn latency(suite: &Suite) {
    let (start, (to, from)) = (Instant::now(), channel());
    let event = event();
    let reporter = std::sync::Mutex::new(Reporter { start, to });
    let handle = move |frame: &mut <Stamped as EventSpec>::Frame<'_>| {
        let reporter = reporter.lock().expect("nobody panics with the lock");
        <Body<Reports> as Invoke<Stamped, Reporter>>::invoke(&reporter, frame);
    };
    let handler = Handler::closure::<Stamped>(handle).expect("there is memory").asynchronous();
    let _installed = event.install(handler).expect("the event can be queued");
    let _executor = Executor::start().expect("a thread can be started");
    let once = |pause: Duration| {
        sleep(pause);
        HostStrand::with_current(|strand| {
            event.raise(strand, &mut Stamped::frame(nanoseconds_since(start))).expect("it is queued");
        });
        from.recv().expect("the handler says when it was called")
    };
    let mut asleep: Vec<u64> = (0..LATENCIES).map(|_| once(PAUSE)).collect();
    let name = "from an asynchronous raise to its handler, by a thread that sleeps";
    suite.keep("D4/latency", name, NANOSECONDS, &mut asleep, 1);
}
