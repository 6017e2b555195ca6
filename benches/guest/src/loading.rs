//! What loading and unloading an extension takes, from the package's bytes to its last frame back.

use crate::harness::Samples;
use crate::{Bench, BenchError, Settings};
use alloc::vec::Vec;
use spindle_abi::Export;
use spindle_abi::frame::FramedFn;
use spindle_abi::package::Package;
use spindle_arch::time;
use spindle_wasm::{Import, Instance, Limits, Row};

pub(crate) const BENCHES: &[Bench] = &[
    Bench {
        id: "Z1/load/native",
        name: "load `hello`: verify, map, link, start, install",
        run: |settings| cycle(settings, "hello").map(|(load, _)| load),
    },
    Bench {
        id: "Z1/unload/native",
        name: "unload `hello`: uninstall, stop, give back",
        run: |settings| cycle(settings, "hello").map(|(_, unload)| unload),
    },
    Bench {
        id: "Z1/load/native/100KB",
        name: "load `bulk`, 100 KB of code and constants",
        run: |settings| cycle(settings, "bulk").map(|(load, _)| load),
    },
    Bench {
        id: "Z1/unload/native/100KB",
        name: "unload `bulk`",
        run: |settings| cycle(settings, "bulk").map(|(_, unload)| unload),
    },
    Bench {
        id: "Z1/load/wasm",
        name: "load `hello.wasm`: validate, compile, link, start",
        run: |settings| cycle(settings, "hello.wasm").map(|(load, _)| load),
    },
    Bench {
        id: "Z1/unload/wasm",
        name: "unload `hello.wasm`",
        run: |settings| cycle(settings, "hello.wasm").map(|(_, unload)| unload),
    },
    Bench {
        id: "Z1/load/wasm/100KB",
        name: "load `bulk.wasm`, 100 KB of constants",
        run: |settings| cycle(settings, "bulk.wasm").map(|(load, _)| load),
    },
    Bench {
        id: "Z1/unload/wasm/100KB",
        name: "unload `bulk.wasm`",
        run: |settings| cycle(settings, "bulk.wasm").map(|(_, unload)| unload),
    },
    Bench { id: "P7/instantiate", name: "make and drop an instance of `hello.wasm`", run: instantiate },
];

/// The engine's part of loading alone: validated, compiled, imports bound, memory and tables made, and all dropped.
fn instantiate(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    const NAME: &str = "hello.wasm";
    let unusable = BenchError::Extension(NAME);
    let package = Package::parse(settings.package(NAME)?).map_err(|_| unusable)?;
    let manifest = package.manifest();
    let is_imported =
        |export: &&Export| manifest.imports().any(|import| import.name == export.declaration.name);
    let exports = spindle_domain::procedures().filter(is_imported);
    let imports: Vec<Import> = exports.map(Import::from).collect();
    let layouts = manifest.rows().map(|row| spindle_domain::event(row.event)?.frame_layout());
    let rows = layouts.map(|layout| layout.map(Row::Handler)).collect::<Option<Vec<Row>>>();
    let rows = rows.ok_or(unusable)?;
    let limits = Limits { memory_bytes: 4 << 20, table_elements: 1_000, fuel: Some(1_000_000) };
    let mut samples = Samples::with_room(settings.loads(), 1)?;
    for _ in 0..settings.loads() {
        let start = time::cycles();
        let made = Instance::new(package.code(), &imports, &rows, limits, never, &mut |_| {});
        drop(made.map_err(|_| unusable)?);
        samples.push(time::cycles() - start);
    }
    Ok(samples)
}

/// Making an instance of `hello` calls nothing.
fn never(_call: FramedFn, _frame: *mut ()) {
    unreachable!("the module has no start function");
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
