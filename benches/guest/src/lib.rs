//! Benchmarks that run inside the kernel: calls, raises, crossings, system calls, and loading.
//!
//! # Concepts
//! A *benchmark* has an id that its definition goes by, a variant after a slash, and yields one [`Measurement`].
//! A *sample* of a call is one batch of calls between two fenced time stamps, less the fastest empty batch, divided
//! by the calls in it. A sample of loading is one load.
//!
//! # Interface
//! To run them, [`run`]; to see which there are, [`all`]. Units are nanoseconds by the calibrated time stamp
//! counter, or instructions where the machine counts those (QEMU's `-icount shift=0`, see [`Unit`]).
//!
//! # Not here
//! The same calls on the host: `benches/host`. The method: `benches/method`, in prose `benches/README.md`.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod calls;
mod changes;
mod error;
mod extensions;
mod guards;
mod handlers;
mod harness;
mod loading;
mod procedures;
mod queued;
mod raises;
mod results;
mod system_calls;
mod watched;

pub use error::BenchError;
pub use harness::{Settings, unit};
pub use procedures::nest;
pub use spindle_bench_method::{Measurement, Unit};

/// One benchmark.
#[derive(Clone, Copy, Debug)]
pub struct Bench {
    /// Its id and variant, such as `P4/native`.
    pub id: &'static str,
    /// What is timed, in a few words.
    pub name: &'static str,
    run: fn(&Settings<'_>) -> Result<harness::Samples, BenchError>,
}

/// Every list of benchmarks, in the order in which they run.
const LISTS: &[&[Bench]] = &[
    calls::BENCHES,
    extensions::BENCHES,
    system_calls::BENCHES,
    loading::BENCHES,
    raises::KERNEL,
    raises::WITH_NATIVE,
    raises::WITH_WASM,
    raises::MIXED,
    raises::ARGUMENTS,
    guards::FALSE,
    guards::FALSE_NATIVE,
    guards::FALSE_WASM,
    guards::TRUE,
    guards::TRUE_NATIVE,
    guards::TRUE_WASM,
    guards::FALSE_KEYS,
    guards::KEYS,
    guards::KEYS_NATIVE,
    guards::KEYS_WASM,
    guards::ROTATING,
    guards::RANGES,
    guards::SELECTING,
    changes::INSTALL,
    changes::UNINSTALL,
    changes::INSTALL_ALL,
    queued::BENCHES,
    results::BENCHES,
    results::FOLDS,
    guards::FILTERS,
    guards::CLOSURE_FILTERS,
    guards::NATIVE_FILTERS,
    guards::WASM_FILTERS,
    watched::BENCHES,
];

/// Every benchmark, in the order in which they run.
pub fn all() -> impl Iterator<Item = Bench> {
    LISTS.iter().copied().flatten().copied()
}

/// Runs the benchmarks whose id begins with `filter` and shows each measurement; returns how many there were.
///
/// # Errors
/// The first [`BenchError`]; what was measured before has been shown.
pub fn run(
    filter: &str,
    settings: &Settings<'_>,
    mut show: impl FnMut(&Measurement),
) -> Result<usize, BenchError> {
    let mut count = 0;
    for bench in all().filter(|bench| bench.id.starts_with(filter)) {
        let samples = (bench.run)(settings)?;
        show(&samples.measure(&bench, settings.unit));
        count += 1;
    }
    if count == 0 { Err(BenchError::NoSuchBench) } else { Ok(count) }
}
