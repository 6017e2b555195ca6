//! `event`: what extensions may handle, who does, and how often.

use linkme::distributed_slice;
use spindle_dispatcher::{EventCore, are_times_taken, set_times};
use spindle_kerncore::command::{Arguments, Opt, Parameter};
use spindle_kerncore::table::{Cell, Column, Row};
use spindle_strands::current;
use sval::Value;

use crate::console::Session;
use crate::console::error::Failed;
use crate::console::json::Shown;
use crate::console::names;
use crate::console::registry::{COMMANDS, Command};

mod binding;
mod info;

#[distributed_slice(COMMANDS)]
static LIST: Command =
    Command::new(&["event", "list"], "list the events that extensions may handle", list).with(&[Opt::JSON]);

#[distributed_slice(COMMANDS)]
static INFO: Command =
    Command::new(&["event", "info"], "show an event, its handlers, and what they have done", info::info)
        .taking(&[Parameter::required("NAME", names::events)])
        .with(&[Opt::JSON]);

#[distributed_slice(COMMANDS)]
static TIMES: Command =
    Command::new(&["event", "times"], "show whether the times of handlers are taken, or switch it", times)
        .taking(&[Parameter::optional("SWITCH", names::switches)]);

fn list(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    session.listing(arguments.json(), || spindle_domain::events().map(Event::from));
    Ok(())
}

fn times(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    if let Some(on) = session.switch(arguments.word(0))? {
        set_times(on);
    }
    let state = if are_times_taken() { "taken" } else { "not taken" };
    session.say(format_args!("the times of handlers are {state}"));
    Ok(())
}

/// A line of `event list`.
#[derive(Value)]
struct Event {
    name: &'static str,
    kind: Option<&'static str>,
    keys: Shown<Keys>,
    authorizer: Option<&'static str>,
    handlers: u64,
}

impl From<&'static EventCore> for Event {
    fn from(event: &'static EventCore) -> Self {
        let mut handlers = 0;
        event.for_each_binding(current(), |_| handlers += 1);
        Self {
            name: event.declaration().name,
            kind: kind(event),
            keys: Shown(Keys(event)),
            authorizer: event.authorizer().map(|authorizer| authorizer.name()),
            handlers,
        }
    }
}

/// How a raise of the event goes, if it is not the usual way.
fn kind(event: &EventCore) -> Option<&'static str> {
    match event {
        _ if event.is_interrupt() => Some("interrupt"),
        _ if event.is_asynchronous() => Some("asynchronous"),
        _ if event.is_chained() => Some("chained"),
        _ => None,
    }
}

impl Row for Event {
    const COLUMNS: &'static [Column] = &[
        Column::words("NAME"),
        Column::words("KIND"),
        Column::words("KEYS"),
        Column::words("AUTHORIZER"),
        Column::numbers("HANDLERS"),
    ];

    fn cell(&self, column: usize) -> Cell<'_> {
        match column {
            0 => Cell::Word(self.name),
            1 => self.kind.map_or(Cell::Nothing, Cell::Word),
            2 if self.keys.0.0.keys().is_empty() => Cell::Nothing,
            2 => Cell::Shown(&self.keys.0),
            3 => self.authorizer.map_or(Cell::Nothing, Cell::Word),
            _ => Cell::Number(self.handlers),
        }
    }
}

/// The names of an event's key fields.
struct Keys(&'static EventCore);

impl core::fmt::Display for Keys {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut separator = "";
        for key in self.0.keys() {
            write!(out, "{separator}{}", key.name)?;
            separator = ",";
        }
        Ok(())
    }
}
