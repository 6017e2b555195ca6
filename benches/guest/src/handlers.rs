//! Handlers that are on an event while something is measured, and the raises that are.

use crate::harness::{Failure, Samples, sample_some};
use crate::{BenchError, Settings};
use alloc::vec::Vec;
use core::hint::black_box;
use spindle_abi::EventSpec;
use spindle_dispatcher::{EventCore, Handler, InstallError, Installed, KernelHandler, Swap};
use spindle_strands::{AllStrands, Event, current};

/// Handler calls in one sample, about.
const CALLS: usize = 100;

/// A kernel handler that does nothing.
pub(crate) struct Nothing;

impl<E: EventSpec> KernelHandler<E> for Nothing {
    fn handle(_frame: &mut E::Frame<'_>) {
        black_box(());
    }
}

/// It, for events of type `E`.
pub(crate) fn nothing<E: EventSpec>() -> Handler {
    Handler::kernel::<E, Nothing>()
}

/// As many of what `make` makes.
///
/// # Errors
/// [`BenchError::OutOfMemory`], and what `make` answers.
pub(crate) fn several(
    count: usize,
    make: impl Fn(usize) -> Result<Handler, InstallError>,
) -> Result<Vec<Handler>, BenchError> {
    let mut handlers = Vec::new();
    handlers.try_reserve_exact(count).map_err(|_| BenchError::OutOfMemory)?;
    for index in 0..count {
        handlers.push(make(index).map_err(BenchError::Install)?);
    }
    Ok(handlers)
}

/// Runs `measure` while `handlers` are on `event`.
pub(crate) fn with_handlers<R>(
    event: &'static EventCore,
    handlers: Vec<Handler>,
    measure: impl FnOnce(&[Installed]) -> Result<R, BenchError>,
) -> Result<R, BenchError> {
    let installed = event.install_all(handlers).map_err(BenchError::Install)?;
    let measured = measure(&installed);
    take_away(installed)?;
    measured
}

/// Uninstalls all of them, and frees them.
pub(crate) fn take_away(installed: Vec<Installed>) -> Result<(), BenchError> {
    let swap = installed.into_iter().fold(Swap::new(), Swap::remove);
    let (_, ticket) = swap.commit().map_err(|(_, error)| BenchError::Install(error))?;
    ticket.wait(&AllStrands).expect("benchmarks run outside any raise");
    Ok(())
}

/// Samples raises of an event that so many handlers are called by, or looked at by: a tenth of the samples of a call, each of
/// fewer raises the more there are.
#[inline(always)]
pub(crate) fn raise<E: EventSpec>(
    settings: &Settings<'_>,
    event: &'static Event<E>,
    handlers: usize,
    mut frame: impl FnMut() -> E::Frame<'static>,
) -> Result<Samples, BenchError> {
    let strand = current();
    let failure = Failure::none();
    let calls = (CALLS / handlers.max(1)).max(1) as u32;
    let samples = sample_some((settings.samples / 10).max(1), calls, || {
        failure.note(event.raise(strand, &mut frame()));
    });
    failure.or(samples)
}

/// A benchmark for each number: its id is what stands before the number, the number, and what stands behind it.
macro_rules! for_each {
    ($before:literal, $after:literal, $name:literal, $run:expr, [$($number:literal),*]) => {
        &[$($crate::Bench {
            id: concat!($before, $number, $after),
            name: $name,
            run: |settings| $run(settings, $number),
        }),*]
    };
}
pub(crate) use for_each;
