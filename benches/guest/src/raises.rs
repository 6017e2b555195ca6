//! D1: raises with several handlers, of the kernel, of extensions, and of both; and with arguments.

use crate::extensions::{NATIVE, WASM, with_copies, with_extension};
use crate::handlers::{for_each, nothing, raise, several, with_handlers};
use crate::harness::Samples;
use crate::procedures::{FIVE, NULL, ONE};
use crate::{Bench, BenchError, Settings};
use spindle_domain::load;
use spindle_interfaces::bench::{Five, Null, One, Ten};
use spindle_strands::Event;

pub(crate) const KERNEL: &[Bench] =
    for_each!("D1/handlers=", "", "raise with N handlers", kernel, [0, 1, 2, 5, 10, 50, 100]);

pub(crate) const WITH_NATIVE: &[Bench] =
    for_each!("D1/handlers=", "/native", "raise with N handlers", native, [1, 2, 5, 10, 50, 100]);

pub(crate) const WITH_WASM: &[Bench] =
    for_each!("D1/handlers=", "/wasm", "raise with N handlers", wasm, [1, 2, 5, 10, 50, 100]);

pub(crate) const MIXED: &[Bench] = for_each!(
    "D1/handlers=",
    "/mixed",
    "raise with N handlers, of each kind a third",
    mixed,
    [3, 12, 51, 102]
);

pub(crate) const ARGUMENTS: &[Bench] = &[
    Bench { id: "D1/args=1", name: ARGUMENTS_NAME, run: one },
    Bench { id: "D1/args=5", name: ARGUMENTS_NAME, run: five },
    Bench { id: "D1/args=10", name: ARGUMENTS_NAME, run: ten },
    Bench { id: "D1/args=1/native", name: ARGUMENTS_NAME, run: |settings| one_of(settings, NATIVE) },
    Bench { id: "D1/args=5/native", name: ARGUMENTS_NAME, run: |settings| five_of(settings, NATIVE) },
    Bench { id: "D1/args=1/wasm", name: ARGUMENTS_NAME, run: |settings| one_of(settings, WASM) },
    Bench { id: "D1/args=5/wasm", name: ARGUMENTS_NAME, run: |settings| five_of(settings, WASM) },
];

const ARGUMENTS_NAME: &str = "raise with one handler and N arguments";

/// Only the kernel handles it.
static TEN: Event<Ten> = Event::new();

fn kernel(settings: &Settings<'_>, count: usize) -> Result<Samples, BenchError> {
    let handlers = several(count, |_| Ok((settings.kernel_handler)()))?;
    with_handlers(NULL.core(), handlers, |_| raise(settings, &NULL, count, Null::frame))
}

fn native(settings: &Settings<'_>, count: usize) -> Result<Samples, BenchError> {
    with_copies(settings, NATIVE, NULL.core(), count, || raise(settings, &NULL, count, Null::frame))
}

fn wasm(settings: &Settings<'_>, count: usize) -> Result<Samples, BenchError> {
    with_copies(settings, WASM, NULL.core(), count, || raise(settings, &NULL, count, Null::frame))
}

fn mixed(settings: &Settings<'_>, count: usize) -> Result<Samples, BenchError> {
    let third = count / 3;
    let handlers = several(third, |_| Ok((settings.kernel_handler)()))?;
    with_handlers(NULL.core(), handlers, |_| {
        with_copies(settings, NATIVE, NULL.core(), third, || wasm_beside(settings, third, count))
    })
}

fn wasm_beside(settings: &Settings<'_>, third: usize, count: usize) -> Result<Samples, BenchError> {
    with_copies(settings, WASM, NULL.core(), third, || raise(settings, &NULL, count, Null::frame))
}

fn one(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    with_handlers(ONE.core(), several(1, |_| Ok(nothing::<One>()))?, |_| {
        raise(settings, &ONE, 1, || One::frame(1))
    })
}

fn five(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    with_handlers(FIVE.core(), several(1, |_| Ok(nothing::<Five>()))?, |_| raise_five(settings))
}

fn ten(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    let frame = || Ten::frame(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    with_handlers(TEN.core(), several(1, |_| Ok(nothing::<Ten>()))?, |_| raise(settings, &TEN, 1, frame))
}

fn one_of(settings: &Settings<'_>, extension: &'static str) -> Result<Samples, BenchError> {
    with_extension(settings, extension, load, || raise(settings, &ONE, 1, || One::frame(1)))
}

fn five_of(settings: &Settings<'_>, extension: &'static str) -> Result<Samples, BenchError> {
    with_extension(settings, extension, load, || raise_five(settings))
}

fn raise_five(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    raise(settings, &FIVE, 1, || Five::frame(1, 2, 3, 4, 5))
}
