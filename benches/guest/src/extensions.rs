//! Calls between the kernel and an extension, in both directions. The extension is `callbench`, of either kind.

use crate::harness::{Failure, Samples, sample};
use crate::procedures::{MEASURE, NULL};
use crate::{Bench, BenchError, Settings};
use alloc::string::String;
use alloc::vec::Vec;
use spindle_bench_method::BATCH;
use spindle_dispatcher::EventCore;
use spindle_domain::{LoadError, load, load_unmetered, replicate};
use spindle_interfaces::bench::{Measure, Null};
use spindle_strands::current;

pub(crate) const BENCHES: &[Bench] = &[
    Bench {
        id: "P3",
        name: "native extension calls a null kernel procedure",
        run: |settings| procedure_call(settings, NATIVE),
    },
    Bench {
        id: "P4/native",
        name: "raise with one native handler",
        run: |settings| raise(settings, NATIVE, load),
    },
    Bench {
        id: "P4/wasm",
        name: "raise with one Wasm handler, metered",
        run: |settings| raise(settings, WASM, load),
    },
    Bench {
        id: "P7/call",
        name: "Wasm extension calls a null kernel procedure",
        run: |settings| procedure_call(settings, WASM),
    },
    Bench {
        id: "P7/fuel=off",
        name: "raise with one Wasm handler, not metered",
        run: |settings| raise(settings, WASM, load_unmetered),
    },
];

/// How many samples the extension takes at a time: a Wasm extension is given room for them in its window, and steps
/// for them in one entry.
const SAMPLES_A_RAISE: usize = 1_000;

/// The native kind.
pub(crate) const NATIVE: &str = "callbench";
/// The Wasm kind.
pub(crate) const WASM: &str = "callbench.wasm";

/// How a package is loaded.
type Load = fn(&[u8]) -> Result<String, LoadError>;

/// Runs `measure` while the extension is loaded.
pub(crate) fn with_extension(
    settings: &Settings<'_>,
    extension: &'static str,
    load: Load,
    measure: impl FnOnce() -> Result<Samples, BenchError>,
) -> Result<Samples, BenchError> {
    let package = settings.package(extension)?;
    load(package).map_err(|_| BenchError::Extension(extension))?;
    let samples = measure();
    spindle_domain::unload(extension).map_err(|_| BenchError::Extension(extension))?;
    samples
}

/// Runs `measure` while the extension is loaded and its handler of `event` installed so many times.
pub(crate) fn with_copies(
    settings: &Settings<'_>,
    extension: &'static str,
    event: &'static EventCore,
    count: usize,
    measure: impl FnOnce() -> Result<Samples, BenchError>,
) -> Result<Samples, BenchError> {
    with_extension(settings, extension, load, || {
        let copied = replicate(extension, event, count - 1).ok_or(BenchError::Extension(extension))?;
        copied.map_err(|_| BenchError::Extension(extension))?;
        measure()
    })
}

/// The extension takes the samples itself, with the same batches and the same empty loop subtracted.
fn procedure_call(settings: &Settings<'_>, extension: &'static str) -> Result<Samples, BenchError> {
    with_extension(settings, extension, load, || {
        let mut stamps = Vec::new();
        stamps.try_reserve_exact(settings.samples).map_err(|_| BenchError::OutOfMemory)?;
        stamps.resize(settings.samples, 0);
        for some in stamps.chunks_mut(SAMPLES_A_RAISE) {
            MEASURE.raise(current(), &mut Measure::frame(BATCH, some)).map_err(BenchError::Raise)?;
        }
        Ok(Samples::from_stamps(stamps, BATCH))
    })
}

fn raise(settings: &Settings<'_>, extension: &'static str, load: Load) -> Result<Samples, BenchError> {
    with_extension(settings, extension, load, || {
        let strand = current();
        let failure = Failure::none();
        let samples = sample(settings, || failure.note(NULL.raise(strand, &mut Null::frame())));
        failure.or(samples)
    })
}
