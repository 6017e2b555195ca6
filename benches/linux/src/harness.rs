//! Sampling, as `benches/guest` does it: fenced time stamps around batches, warm-up, and the empty loop that is
//! subtracted.

use std::hint::black_box;

use crate::Bench;
use crate::clock::Unit;
use crate::measurement::Measurement;
use crate::sys::cycles;

/// Calls in one sample of a call: enough that reading the clock does not show.
pub(crate) const BATCH: u32 = 100;
/// Samples of a call.
const SAMPLES: usize = 10_000;
const WARM_UP_BATCHES: u32 = 200;
const EMPTY_BATCHES: u32 = 1_000;

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
        self.stamps.sort_unstable();
        let last = self.stamps.len() - 1;
        let at = |index: usize| unit.milli(self.stamps[index], self.calls);
        Measurement {
            id: bench.id,
            name: bench.name,
            unit: unit.name(),
            samples: self.stamps.len(),
            min_milli: at(0),
            median_milli: at(last / 2),
            p99_milli: at(last * 99 / 100),
        }
    }
}

/// Samples `body`, called in batches of `calls`, less the fastest empty batch.
///
/// Inlined, so that every benchmark has a loop of its own: a decrement, a test and the body.
#[inline(always)]
pub(crate) fn sample(settings: &Settings, calls: u32, mut body: impl FnMut()) -> Samples {
    let empty = (0..EMPTY_BATCHES).map(|_| batch(calls, || black_box(()))).min().unwrap_or(0);
    for _ in 0..WARM_UP_BATCHES {
        batch(calls, &mut body);
    }
    let mut stamps = Vec::with_capacity(settings.samples);
    for _ in 0..settings.samples {
        stamps.push(batch(calls, &mut body).saturating_sub(empty));
    }
    Samples::from_stamps(stamps, calls)
}

/// Stamps that one batch takes.
#[inline(always)]
fn batch(calls: u32, mut body: impl FnMut()) -> u64 {
    let start = cycles();
    // Unknown to the compiler, so that it neither unrolls the loop nor folds it.
    for _ in 0..black_box(calls) {
        body();
    }
    cycles() - start
}

#[cfg(test)]
mod tests {
    use super::Samples;
    use crate::Bench;
    use crate::clock::Unit;

    #[test]
    fn statistics_are_of_the_sorted_samples_per_call() {
        let bench = Bench { id: "P1", name: "test", run: |_| unreachable!("only its name is used") };
        let samples = Samples::from_stamps((1..=100).rev().map(|sample| sample * 10).collect(), 10);
        let result = samples.measure(&bench, Unit::Instructions);
        assert_eq!((result.min_milli, result.median_milli, result.p99_milli), (1_000, 50_000, 99_000));
    }
}
