//! D3: installing and uninstalling, by how many handlers the event has already.

use crate::handlers::{for_each, nothing, several, take_away, with_handlers};
use crate::harness::Samples;
use crate::{Bench, BenchError, Settings};
use spindle_arch::time;
use spindle_dispatcher::uninstall;
use spindle_interfaces::bench::Null;
use spindle_strands::{AllStrands, Event};

pub(crate) const INSTALL: &[Bench] = for_each!(
    "D3/install=",
    "",
    "install on an event with N handlers",
    |settings, count| changes(settings, count).map(|(install, _)| install),
    [0, 1, 10, 100, 1000]
);
pub(crate) const UNINSTALL: &[Bench] = for_each!(
    "D3/uninstall=",
    "",
    "uninstall beside N handlers, and wait until it is freed",
    |settings, count| changes(settings, count).map(|(_, uninstall)| uninstall),
    [0, 1, 10, 100, 1000]
);
pub(crate) const INSTALL_ALL: &[Bench] = for_each!(
    "D3/install_all=",
    "",
    "install of N handlers at once on an event without, each",
    install_all,
    [10, 100, 1000]
);

static CHANGED: Event<Null> = Event::new();

/// Samples of installing one more, and of taking it away again.
fn changes(settings: &Settings<'_>, count: usize) -> Result<(Samples, Samples), BenchError> {
    with_handlers(CHANGED.core(), several(count, |_| Ok(nothing::<Null>()))?, |_| {
        let mut installing = Samples::with_room(settings.loads(), 1)?;
        let mut uninstalling = Samples::with_room(settings.loads(), 1)?;
        for _ in 0..settings.loads() {
            let start = time::cycles();
            let installed = CHANGED.install(nothing::<Null>()).map_err(BenchError::Install)?;
            let between = time::cycles();
            let ticket = uninstall(installed).map_err(|(_, error)| BenchError::Install(error))?;
            ticket.wait(&AllStrands).expect("benchmarks run outside any raise");
            installing.push(between - start);
            uninstalling.push(time::cycles() - between);
        }
        Ok((installing, uninstalling))
    })
}

fn install_all(settings: &Settings<'_>, count: usize) -> Result<Samples, BenchError> {
    let mut samples = Samples::with_room(settings.loads(), count as u32)?;
    for _ in 0..settings.loads() {
        let handlers = several(count, |_| Ok(nothing::<Null>()))?;
        let start = time::cycles();
        let installed = CHANGED.core().install_all(handlers).map_err(BenchError::Install)?;
        samples.push(time::cycles() - start);
        take_away(installed)?;
    }
    Ok(samples)
}
