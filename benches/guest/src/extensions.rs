//! Calls between the kernel and an extension, in both directions. The extension is `callbench`.

use crate::harness::{BATCH, Samples, sample};
use crate::procedures::{MEASURE, NULL};
use crate::{Bench, BenchError, Settings};
use alloc::vec::Vec;
use spindle_interfaces::bench::{Measure, Null};
use spindle_strands::current;

pub(crate) const BENCHES: &[Bench] = &[
    Bench { id: "P3", name: "extension calls a null kernel procedure", run: procedure_call },
    Bench { id: "P4/native", name: "raise with one native handler", run: raise_native },
];

const CALLBENCH: &str = "callbench";

/// Runs `measure` while the measuring extension is loaded.
fn with_extension(
    settings: &Settings<'_>,
    measure: impl FnOnce() -> Result<Samples, BenchError>,
) -> Result<Samples, BenchError> {
    let package = settings.package(CALLBENCH)?;
    spindle_domain::load(package).map_err(|_| BenchError::Extension(CALLBENCH))?;
    let samples = measure();
    spindle_domain::unload(CALLBENCH).map_err(|_| BenchError::Extension(CALLBENCH))?;
    samples
}

/// The extension takes the samples itself, with the same batches and the same empty loop subtracted.
fn procedure_call(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    with_extension(settings, || {
        let mut stamps = Vec::new();
        stamps.try_reserve_exact(settings.samples).map_err(|_| BenchError::OutOfMemory)?;
        stamps.resize(settings.samples, 0);
        MEASURE.raise(current(), &mut Measure::frame(BATCH, &mut stamps)).map_err(BenchError::Raise)?;
        Ok(Samples::from_stamps(stamps, BATCH))
    })
}

fn raise_native(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    with_extension(settings, || {
        let strand = current();
        let mut outcome = Ok(());
        let samples = sample(settings, || {
            if let Err(error) = NULL.raise(strand, &mut Null::frame()) {
                outcome = Err(BenchError::Raise(error));
            }
        });
        outcome.and(samples)
    })
}
