//! The kernel's side of the interfaces that extensions see: `console` and `clock`.
//!
//! *Locking*: events are raised from the main strand with no lock held, and outside any other raise, so that what
//! faulted can be taken away at once.

use core::fmt;

use linkme::distributed_slice;
use spindle_abi::{Export, Status};
use spindle_arch::time;
use spindle_dispatcher::{EventCore, RaiseError};
use spindle_domain::{EVENTS, PROCEDURES, Reaped};
use spindle_interfaces::{clock, console};
use spindle_strands::{AllStrands, Event, current};

use crate::console::Sink;

static COMMAND: Event<console::Command> = Event::new().of(&spindle_domain::LOADED);
static TICK: Event<clock::Tick> = Event::new().of(&spindle_domain::LOADED);

#[distributed_slice(EVENTS)]
static COMMAND_EVENT: &EventCore = COMMAND.core();
#[distributed_slice(EVENTS)]
static TICK_EVENT: &EventCore = TICK.core();

#[distributed_slice(PROCEDURES)]
static CONSOLE: &[Export] = &console::exports::<Console>();
#[distributed_slice(PROCEDURES)]
static CLOCK: &[Export] = &clock::exports::<Clock>();

struct Console;

impl console::Procedures for Console {
    fn write_line(line: &str) {
        Sink::current().print(format_args!("{line}\n"));
    }
}

struct Clock;

impl clock::Procedures for Clock {
    fn now() -> u64 {
        time::now_ns()
    }

    fn cycles() -> u64 {
        time::cycles()
    }
}

/// Raises `console.Command` for a line that the kernel has no command for.
///
/// # Errors
/// [`RaiseError::NoHandler`] if no extension has the command; [`RaiseError::Fault`] if its handler was abandoned:
/// it has been reported and taken away by then.
pub(crate) fn command(word: &str, arguments: &str) -> Result<Status, RaiseError> {
    let mut frame = console::Command::frame(word, arguments);
    let raised = COMMAND.raise(current(), &mut frame);
    settle();
    raised.map(|()| console::Command::result(&frame))
}

/// Raises `clock.Tick`. Nobody has to be listening.
pub(crate) fn tick(now_ns: u64) {
    // A fault is reported by `settle`; that nobody listens is the usual case.
    let _ = TICK.raise(current(), &mut clock::Tick::frame(now_ns));
    settle();
}

/// After a raise: takes away what faulted, says so, and frees what nobody uses any more.
pub(crate) fn settle() {
    for Reaped { report, unloaded } in spindle_domain::reap() {
        let (name, handlers, kib) = (&unloaded.name, unloaded.handlers, unloaded.bytes / 1024);
        report_error(format_args!("extension `{name}` {report}"));
        report_error(format_args!("extension `{name}` unloaded: {kib} KiB given back, handlers: {handlers}"));
    }
    spindle_dispatcher::collect(&AllStrands);
}

/// Says it in the log, and to a host whose command is running.
fn report_error(line: fmt::Arguments<'_>) {
    log::error!("{line}");
    Sink::current().repeat(format_args!("error: {line}"));
}
