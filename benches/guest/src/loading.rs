//! What loading and unloading a native extension takes, from the package's bytes to its last frame back.

use crate::harness::Samples;
use crate::{Bench, BenchError, Settings};
use spindle_arch::time;

pub(crate) const BENCHES: &[Bench] = &[
    Bench { id: "Z1/load/native", name: "load `hello`: verify, map, link, start, install", run: load_small },
    Bench { id: "Z1/unload/native", name: "unload `hello`: uninstall, stop, give back", run: unload_small },
    Bench { id: "Z1/load/native/100KB", name: "load `bulk`, 100 KB of code and constants", run: load_large },
    Bench { id: "Z1/unload/native/100KB", name: "unload `bulk`", run: unload_large },
];

fn load_small(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    cycle(settings, "hello").map(|(load, _)| load)
}

fn unload_small(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    cycle(settings, "hello").map(|(_, unload)| unload)
}

fn load_large(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    cycle(settings, "bulk").map(|(load, _)| load)
}

fn unload_large(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    cycle(settings, "bulk").map(|(_, unload)| unload)
}

/// Loads and unloads `name` over and over; returns the samples of each half.
fn cycle(settings: &Settings<'_>, name: &'static str) -> Result<(Samples, Samples), BenchError> {
    let package = settings.package(name)?;
    let mut load = Samples::with_room(settings.loads(), 1)?;
    let mut unload = Samples::with_room(settings.loads(), 1)?;
    for _ in 0..settings.loads() {
        let start = time::cycles();
        spindle_domain::load(package).map_err(|_| BenchError::Extension(name))?;
        let loaded = time::cycles();
        spindle_domain::unload(name).map_err(|_| BenchError::Extension(name))?;
        load.push(loaded - start);
        unload.push(time::cycles() - loaded);
    }
    Ok((load, unload))
}
