//! `console`: lines in, lines out.

use linkme::distributed_slice;
use spindle_abi::{Export, Status};
use spindle_dispatcher::{EventCore, Order, RaiseError};
use spindle_domain::{EVENTS, PROCEDURES};
use spindle_interfaces::console;
use spindle_strands::{Event, current};

use super::{authorizers, settle};
use crate::console::{Sink, intrinsic};

static COMMAND: Event<console::Command> = Event::new().of(&authorizers::CONSOLE);

#[distributed_slice(EVENTS)]
static COMMAND_EVENT: &EventCore = COMMAND.core();

#[distributed_slice(PROCEDURES)]
static CONSOLE: &[Export] = &console::exports::<Console>();

struct Console;

impl console::Procedures for Console {
    fn write_line(line: &str) {
        Sink::current().print(format_args!("{line}\n"));
    }
}

/// Installs the kernel's commands, behind whatever will be installed.
pub(super) fn start() {
    super::install(COMMAND_EVENT, intrinsic::handler().ordered(Order::Last));
}

/// Raises `console.Command` for a line.
///
/// # Errors
/// [`RaiseError::NoHandler`] if nobody has the command; [`RaiseError::Fault`] if a handler was abandoned: it has been
/// reported and taken away by then.
pub(crate) fn command(word: &str, arguments: &str) -> Result<Status, RaiseError> {
    let mut frame = console::Command::frame(word, arguments);
    let raised = COMMAND.raise(current(), &mut frame);
    settle();
    raised.map(|()| console::Command::result(&frame))
}
