//! `health`: how the kernel and its extensions find themselves.

use linkme::distributed_slice;
use spindle_interfaces::health::Report;
use spindle_kerncore::command::{Arguments, Opt};
use sval::Value;

use crate::console::Session;
use crate::console::error::Failed;
use crate::console::registry::{COMMANDS, Command};
use crate::events;

#[distributed_slice(COMMANDS)]
static HEALTH: Command =
    Command::new(&["health"], "ask the kernel and its extensions how they are", health).with(&[Opt::JSON]);

fn health(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let Report { fine, strained, failing } = events::check_health().map_err(|error| session.fail(error))?;
    if arguments.json() {
        session.json(Answer { fine, strained, failing });
    } else {
        session.say(format_args!("fine: {fine}, strained: {strained}, failing: {failing}"));
    }
    Ok(())
}

#[derive(Value)]
struct Answer {
    fine: u32,
    strained: u32,
    failing: u32,
}
