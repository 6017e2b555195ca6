//! D4: what an asynchronous raise costs its raiser, what delivering it costs, and how long it takes to its handler.

use crate::handlers::{nothing, several, with_handlers};
use crate::harness::Samples;
use crate::{Bench, BenchError, Settings};
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
use spindle_abi::{EventSpec, Key};
use spindle_arch::time;
use spindle_bench_method::BATCH;
use spindle_dispatcher::{Delivery, Handler, KernelHandler, Policy, deliver};
use spindle_interfaces::bench::Stamped;
use spindle_strands::{Event, current};

pub(crate) const BENCHES: &[Bench] = &[
    Bench {
        id: "D4/raise",
        name: "asynchronous raise, for the raiser",
        run: |settings| bursts(settings, Half::Raise),
    },
    Bench {
        id: "D4/deliver",
        name: "delivery of an asynchronous raise to its handler",
        run: |settings| bursts(settings, Half::Deliver),
    },
    Bench {
        id: "D4/latency",
        name: "from an asynchronous raise to its handler, if the executor runs next",
        run: latency,
    },
];

static STAMPED: Event<Stamped> =
    Event::new().delivery(Delivery::new(Policy::DropNewest, Delivery::MAX_CAPACITY));

/// What of a burst is timed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Raise,
    Deliver,
}

/// A sample is of as many raises as a queue has room for many times over, all delivered before the next.
fn bursts(settings: &Settings<'_>, half: Half) -> Result<Samples, BenchError> {
    let handlers = several(1, |_| Ok(nothing::<Stamped>().asynchronous()))?;
    let bursts = (settings.samples / 10).max(1);
    with_handlers(STAMPED.core(), handlers, |_| {
        let mut samples = Samples::with_room(bursts, BATCH)?;
        for _ in 0..bursts {
            let start = time::cycles();
            for _ in 0..BATCH {
                raise(0)?;
            }
            let between = time::cycles();
            deliver_all();
            samples.push(if half == Half::Raise { between - start } else { time::cycles() - between });
        }
        Ok(samples)
    })
}

fn raise(cycles: u64) -> Result<(), BenchError> {
    STAMPED.raise(current(), &mut Stamped::frame(cycles)).map_err(BenchError::Raise)
}

fn deliver_all() {
    while deliver(current(), usize::MAX) > 0 {}
}

/// How late the handler was called, in stamps.
static LATE: AtomicU64 = AtomicU64::new(0);

struct Late;

impl KernelHandler<Stamped> for Late {
    fn handle(frame: &mut <Stamped as EventSpec>::Frame<'_>) {
        if let Key::Integer(cycles) = Stamped::key(frame, 0) {
            LATE.store(time::cycles() - cycles, Relaxed);
        }
    }
}

fn latency(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    let handlers = several(1, |_| Ok(Handler::kernel::<Stamped, Late>().asynchronous()))?;
    with_handlers(STAMPED.core(), handlers, |_| {
        let mut samples = Samples::with_room(settings.samples, 1)?;
        for _ in 0..settings.samples {
            raise(time::cycles())?;
            deliver_all();
            samples.push(LATE.load(Relaxed));
        }
        Ok(samples)
    })
}
