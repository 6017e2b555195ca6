//! `event`: what extensions may handle, and who does.

use alloc::collections::TryReserveError;
use alloc::vec::Vec;

use linkme::distributed_slice;
use spindle_abi::package;
use spindle_dispatcher::{BindingView, EventCore, KeyGuard};
use spindle_domain::{DomainId, Info};
use spindle_kerncore::command::{Arguments, Opt, Parameter};
use spindle_kerncore::table::{Cell, Column, Row};
use spindle_strands::current;
use sval::Value;

use crate::console::Session;
use crate::console::error::Failed;
use crate::console::json::{Each, Shown};
use crate::console::names;
use crate::console::registry::{COMMANDS, Command};

#[distributed_slice(COMMANDS)]
static LIST: Command =
    Command::new(&["event", "list"], "list the events that extensions may handle", list).with(&[Opt::JSON]);

#[distributed_slice(COMMANDS)]
static INFO: Command = Command::new(&["event", "info"], "show an event and its handlers", info)
    .taking(&[Parameter::required("NAME", names::events)])
    .with(&[Opt::JSON]);

fn list(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    session.listing(arguments.json(), || spindle_domain::events().map(Event::from));
    Ok(())
}

fn info(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let name = arguments.word(0).unwrap_or_default();
    let event =
        spindle_domain::event(name).ok_or_else(|| session.fail_for_want_of("event", name, names::events))?;
    let domains = spindle_domain::list();
    let bindings = bindings(event, &domains).map_err(|error| session.fail(error))?;
    let handlers = || bindings.iter();
    let declaration = event.declaration();
    if arguments.json() {
        session.json(Details {
            name: declaration.name,
            schema: declaration.schema,
            fingerprint: Shown(declaration.fingerprint),
            handlers: Each(handlers),
        });
        return Ok(());
    }
    session.say(format_args!("schema       {}", declaration.schema));
    session.say(format_args!("fingerprint  {}", declaration.fingerprint));
    session.listing(false, handlers);
    Ok(())
}

/// The handlers of an event, in the order in which they are called.
fn bindings<'a>(event: &'static EventCore, domains: &'a [Info]) -> Result<Vec<Handler<'a>>, TryReserveError> {
    let mut bindings = Vec::new();
    bindings.try_reserve_exact(handler_count(event) as usize)?;
    event.for_each_binding(current(), |binding| bindings.push(Handler::new(event, binding, domains)));
    Ok(bindings)
}

/// How many handlers an event has.
fn handler_count(event: &EventCore) -> u64 {
    let mut count = 0;
    event.for_each_binding(current(), |_: BindingView<'_>| count += 1);
    count
}

/// A line of `event list`.
#[derive(Value)]
struct Event {
    name: &'static str,
    keys: Shown<Keys>,
    handlers: u64,
}

impl From<&'static EventCore> for Event {
    fn from(event: &'static EventCore) -> Self {
        Self { name: event.declaration().name, keys: Shown(Keys(event)), handlers: handler_count(event) }
    }
}

impl Row for Event {
    const COLUMNS: &'static [Column] =
        &[Column::words("NAME"), Column::words("KEYS"), Column::numbers("HANDLERS")];

    fn cell(&self, column: usize) -> Cell<'_> {
        match column {
            0 => Cell::Word(self.name),
            1 if self.keys.0.0.keys().is_empty() => Cell::Nothing,
            1 => Cell::Shown(&self.keys.0),
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

#[derive(Value)]
struct Details<H> {
    name: &'static str,
    schema: &'static str,
    fingerprint: Shown<spindle_abi::Fingerprint>,
    handlers: H,
}

/// A line of `event info`.
#[derive(Value)]
struct Handler<'a> {
    owner: &'a str,
    kind: &'static str,
    key: Option<Shown<Guard>>,
    state: &'static str,
}

impl<'a> Handler<'a> {
    fn new(event: &'static EventCore, binding: BindingView<'_>, domains: &'a [Info]) -> Self {
        let domain = DomainId::of(binding.owner()).map(|id| domains.iter().find(|info| info.id == id));
        let (owner, kind) = match domain {
            None => ("kernel", "kernel"),
            Some(Some(info)) if info.kind == package::Kind::Wasm => (info.name.as_str(), "wasm"),
            Some(Some(info)) => (info.name.as_str(), "native"),
            // It went after the bindings were looked at.
            Some(None) => ("?", "?"),
        };
        Self {
            owner,
            kind,
            key: binding.key().map(|&guard| Shown(Guard { event, guard })),
            state: if binding.is_disabled() { "disabled" } else { "installed" },
        }
    }
}

impl Row for &Handler<'_> {
    const COLUMNS: &'static [Column] =
        &[Column::words("HANDLER OF"), Column::words("KIND"), Column::words("KEY"), Column::words("STATE")];

    fn cell(&self, column: usize) -> Cell<'_> {
        match column {
            0 => Cell::Word(self.owner),
            1 => Cell::Word(self.kind),
            2 => self.key.as_ref().map_or(Cell::Nothing, |Shown(key)| Cell::Shown(key)),
            _ => Cell::Word(self.state),
        }
    }
}

/// A guard on key fields: `word = "hello"`.
struct Guard {
    event: &'static EventCore,
    guard: KeyGuard,
}

impl core::fmt::Display for Guard {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(out, "{}", self.guard.in_words(self.event.keys()))
    }
}
