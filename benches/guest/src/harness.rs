//! Sampling: fenced time stamps around batches, warm-up, and the empty loop that is subtracted.

use crate::{Bench, BenchError, Measurement};
use alloc::vec::Vec;
use core::fmt;
use core::hint::black_box;
use spindle_arch::time;
use spindle_dispatcher::Handler;

/// Calls in one sample of a call: enough that reading the clock does not show.
pub(crate) const BATCH: u32 = 100;
const WARM_UP_BATCHES: u32 = 200;
const EMPTY_BATCHES: u32 = 1_000;

/// What a difference of two time stamps means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Nanoseconds by the calibrated time stamp counter.
    Nanoseconds,
    /// Instructions: the machine advances its clock by one nanosecond, and one stamp, per instruction.
    Instructions,
}

impl Unit {
    /// As it stands in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nanoseconds => "ns",
            Self::Instructions => "instructions",
        }
    }

    /// Thousandths of the unit in `stamps`, divided by `parts`.
    fn milli(self, stamps: u64, parts: u32) -> u64 {
        let scaled = match self {
            Self::Nanoseconds => u128::from(stamps) * 1_000_000_000_000 / u128::from(time::tsc_hz()),
            Self::Instructions => u128::from(stamps) * 1_000,
        };
        (scaled / u128::from(parts)) as u64
    }
}

/// How to measure.
pub struct Settings<'a> {
    /// Samples per benchmark of a call; loading takes a fiftieth of that.
    pub samples: usize,
    /// A handler of `bench.Null` in the kernel proper that does nothing. It comes from there so that its code lies
    /// as far from the measuring loops as any kernel handler's does.
    pub kernel_handler: fn() -> Handler,
    /// What time stamps mean on this machine.
    pub unit: Unit,
    /// A handler of `trap.SystemCall` in the kernel proper that answers 0.
    pub system_call_handler: fn() -> Handler,
    /// Finds the bytes of a package by its extension's name.
    pub package: &'a dyn Fn(&str) -> Option<&'static [u8]>,
    /// Has a user program take so many samples of so many null system calls each; `None` if it cannot be run.
    pub null_system_calls: &'a dyn Fn(usize, u32) -> Option<Vec<u64>>,
}

impl Settings<'_> {
    /// How many samples a call gets unless told otherwise.
    pub const DEFAULT_SAMPLES: usize = 10_000;

    /// How many samples of loading.
    pub(crate) fn loads(&self) -> usize {
        (self.samples / 50).max(1)
    }

    /// The bytes of the package `name`.
    pub(crate) fn package(&self, name: &'static str) -> Result<&'static [u8], BenchError> {
        (self.package)(name).ok_or(BenchError::NoPackage(name))
    }
}

impl fmt::Debug for Settings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("samples", &self.samples)
            .field("unit", &self.unit)
            .finish_non_exhaustive()
    }
}

/// Samples in time stamps, each of a number of calls.
#[derive(Debug)]
pub(crate) struct Samples {
    stamps: Vec<u64>,
    calls: u32,
}

impl Samples {
    /// Room for `count` samples of `calls` calls each.
    pub(crate) fn with_room(count: usize, calls: u32) -> Result<Self, BenchError> {
        let mut stamps = Vec::new();
        stamps.try_reserve_exact(count).map_err(|_| BenchError::OutOfMemory)?;
        Ok(Self { stamps, calls })
    }

    /// Adds one sample, in stamps.
    pub(crate) fn push(&mut self, stamps: u64) {
        self.stamps.push(stamps);
    }

    /// Whole samples that somebody else took.
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
            unit,
            samples: self.stamps.len(),
            min_milli: at(0),
            median_milli: at(last / 2),
            p99_milli: at(last * 99 / 100),
        }
    }
}

/// Samples `body`, called in batches, less the fastest empty batch.
///
/// Inlined, so that every benchmark has a loop of its own: a decrement, a test and the body.
#[inline(always)]
pub(crate) fn sample(settings: &Settings<'_>, mut body: impl FnMut()) -> Result<Samples, BenchError> {
    let empty = (0..EMPTY_BATCHES).map(|_| batch(|| black_box(()))).min().unwrap_or(0);
    for _ in 0..WARM_UP_BATCHES {
        batch(&mut body);
    }
    let mut samples = Samples::with_room(settings.samples, BATCH)?;
    for _ in 0..settings.samples {
        samples.push(batch(&mut body).saturating_sub(empty));
    }
    Ok(samples)
}

/// Stamps that one batch takes.
#[inline(always)]
fn batch(mut body: impl FnMut()) -> u64 {
    let start = time::cycles();
    // Unknown to the compiler, so that it neither unrolls the loop nor folds it.
    for _ in 0..black_box(BATCH) {
        body();
    }
    time::cycles() - start
}
