//! What a benchmark is given, and the samples that it hands back: as in Spindle's kernel (`benches/guest`).

use spindle_bench_method::{self as method, Measurement, Timed, Unit};

use crate::Bench;
use crate::clock::TimeStampCounter;

/// Samples of a call.
const SAMPLES: usize = 10_000;

/// How to measure.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Samples per benchmark of a call.
    pub(crate) samples: usize,
    /// What time stamps mean on this machine.
    pub(crate) unit: Unit,
}

impl Settings {
    /// The number of samples that Spindle takes too.
    pub(crate) fn new(unit: Unit) -> Self {
        Self { samples: SAMPLES, unit }
    }
}

/// Samples in time stamps, each of a number of calls.
#[derive(Debug)]
pub(crate) struct Samples {
    stamps: Vec<u64>,
    calls: u32,
}

impl Samples {
    /// Whole samples that somebody else took; at least one.
    pub(crate) fn from_stamps(stamps: Vec<u64>, calls: u32) -> Self {
        Self { stamps, calls }
    }

    /// The order statistics.
    pub(crate) fn measure(mut self, bench: &Bench, unit: Unit) -> Measurement {
        let timed = Timed { id: bench.id, name: bench.name };
        Measurement::of(timed, unit, &mut self.stamps, self.calls)
    }
}

/// Samples `body` in batches of `calls` calls.
#[inline(always)]
pub(crate) fn sample(settings: &Settings, calls: u32, body: impl FnMut()) -> Samples {
    let mut stamps = Vec::with_capacity(settings.samples);
    method::sample::<TimeStampCounter>(settings.samples, calls, body, |taken| stamps.push(taken));
    Samples::from_stamps(stamps, calls)
}
