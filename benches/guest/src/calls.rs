//! Calls within the kernel: direct, indirect, by an event with a kernel handler, by a crossing.

use crate::harness::{Failure, Samples, sample};
use crate::{Bench, BenchError, Settings};
use core::cell::Cell;
use core::hint::black_box;
use spindle_arch::measure::null;
use spindle_dispatcher::uninstall;
use spindle_interfaces::bench::Null;
use spindle_strands::{AllStrands, Event, NullCrossing, current};

pub(crate) const BENCHES: &[Bench] = &[
    Bench { id: "P1", name: "direct call of a null procedure", run: direct_call },
    Bench { id: "P2", name: "indirect call, its pointer loaded each time", run: indirect_call },
    Bench { id: "P4/kernel", name: "raise with one kernel handler", run: raise_kernel },
    Bench { id: "K0/crossing", name: "crossing around a null call, and the call", run: crossing },
];

fn direct_call(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    sample(settings, || null())
}

fn indirect_call(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    let pointer = Cell::new(null as extern "C" fn());
    // Its address is known to code that the compiler cannot see, so every call loads it again.
    black_box(&pointer);
    sample(settings, || pointer.get()())
}

/// The event that this file raises; nobody else handles it.
static NULL: Event<Null> = Event::new();

fn raise_kernel(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    let installed = NULL.install((settings.kernel_handler)()).map_err(BenchError::Install)?;
    let strand = current();
    let failure = Failure::none();
    let samples = sample(settings, || failure.note(NULL.raise(strand, &mut Null::frame())));
    let ticket = uninstall(installed).map_err(|(_, error)| BenchError::Install(error))?;
    ticket.wait(&AllStrands).expect("benchmarks run outside any raise");
    failure.or(samples)
}

fn crossing(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    let null = NullCrossing::new();
    let strand = current();
    sample(settings, || null.cross(strand))
}
