//! What a benchmark is given, and the samples that it hands back.

use crate::{Bench, BenchError, Measurement, Unit};
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt;
use core::hint::black_box;
use spindle_arch::time;
use spindle_bench_method::{self as method, BATCH, Clock, Timed};
use spindle_dispatcher::{Handler, RaiseError};

/// The error of a raise that was measured, if one had any.
///
/// It lies in memory, where the compiler must leave it: kept in registers it would be moved about in every turn of a loop whose raises
/// leave none of them alone.
pub(crate) struct Failure(Cell<Option<RaiseError>>);

impl Failure {
    /// No error so far.
    pub(crate) fn none() -> Self {
        Self(Cell::new(None))
    }

    /// Notes how a raise went.
    #[inline(always)]
    pub(crate) fn note(&self, raised: Result<(), RaiseError>) {
        if let Err(error) = raised {
            black_box(&self.0).set(Some(error));
        }
    }

    /// The samples, unless a raise failed.
    pub(crate) fn or(&self, samples: Result<Samples, BenchError>) -> Result<Samples, BenchError> {
        self.0.get().map_or(samples, |error| Err(BenchError::Raise(error)))
    }
}

/// How to measure.
pub struct Settings<'a> {
    /// Samples per benchmark of a call; loading takes a fiftieth of that.
    pub samples: usize,
    /// Makes a handler of `bench.Null` in the kernel proper that does nothing. It comes from there so that its code lies
    /// as far from the measuring loops as any kernel handler's does.
    pub kernel_handler: fn() -> Handler,
    /// What time stamps mean on this machine.
    pub unit: Unit,
    /// Makes a handler of `trap.SystemCall` in the kernel proper that answers 0.
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

/// What time stamps mean in the kernel: instructions if the machine counts those, or nanoseconds by the calibrated time
/// stamp counter.
pub fn unit(counts_instructions: bool) -> Unit {
    if counts_instructions { Unit::Instructions } else { Unit::Nanoseconds { hz: time::tsc_hz() } }
}

/// The time stamp counter between fences.
struct TimeStampCounter;

impl Clock for TimeStampCounter {
    #[inline(always)]
    fn stamp() -> u64 {
        time::cycles()
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
        let timed = Timed { id: bench.id, name: bench.name };
        Measurement::of(timed, unit, &mut self.stamps, self.calls)
    }
}

/// Samples `body` in batches of [`BATCH`] calls.
#[inline(always)]
pub(crate) fn sample(settings: &Settings<'_>, body: impl FnMut()) -> Result<Samples, BenchError> {
    sample_some(settings.samples, BATCH, body)
}

/// Takes `count` samples of `calls` calls of `body` each: for calls that are long, or that can only be made so often.
#[inline(always)]
pub(crate) fn sample_some(count: usize, calls: u32, body: impl FnMut()) -> Result<Samples, BenchError> {
    let mut samples = Samples::with_room(count, calls)?;
    method::sample::<TimeStampCounter>(count, calls, body, |stamps| samples.push(stamps));
    Ok(samples)
}
