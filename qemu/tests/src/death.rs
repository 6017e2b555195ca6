//! Ways to die, one per boot, so that the host can read what the kernel says of them.

use spindle_abi::protocol::exit;
use spindle_arch::exceptions::provoke;
use spindle_arch::{power_off, serial};

/// The way that is no exception.
const PANIC: &str = "panic";

/// Writes each way on a line of its own, and ends the machine.
pub(crate) fn list() -> ! {
    for way in provoke::WAYS.iter().map(|(way, _)| *way).chain([PANIC]) {
        serial::print(format_args!("{way}\n"));
    }
    power_off(exit::SUCCESS)
}

/// Dies as `way` names it: `panic` or one of `provoke::WAYS`.
///
/// # Panics
/// That is what it is for; also if there is no such way.
pub(crate) fn die(way: &str) -> ! {
    match provoke::WAYS.iter().find(|(name, _)| *name == way) {
        Some((_, provoke)) => provoke(),
        None if way == PANIC => panic!("asked to panic"),
        None => panic!("no way to die is called `{way}`"),
    }
}
