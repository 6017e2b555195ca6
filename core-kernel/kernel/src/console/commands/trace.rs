//! `trace`: what raises did lately, from the dispatcher's flight recorder.

use alloc::vec::Vec;

use linkme::distributed_slice;
use spindle_dispatcher::{BindingId, Entry, is_recording, recorded, set_recording};
use spindle_kerncore::command::{Arguments, Opt, Parameter};
use spindle_kerncore::table::{Cell, Column, Row};
use sval::Value;

use crate::console::Session;
use crate::console::error::Failed;
use crate::console::json::Shown;
use crate::console::names;
use crate::console::owners::Owners;
use crate::console::registry::{COMMANDS, Command};
use crate::recent::Seconds;

#[distributed_slice(COMMANDS)]
static TRACE: Command =
    Command::new(&["trace"], "show what raises did lately, or switch whether every one is noted", trace)
        .taking(&[Parameter::optional("SWITCH", names::switches)])
        .with(&[Opt::JSON]);

fn trace(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    if let Some(on) = session.switch(arguments.word(0))? {
        set_recording(on);
        session.say(format_args!(
            "{}",
            if is_recording() { "every raise is noted" } else { "what is rare is noted" }
        ));
        return Ok(());
    }
    let owners = Owners::now();
    let mut entries: Vec<Entry> = Vec::new();
    let count = recorded().count();
    entries.try_reserve_exact(count).map_err(|error| session.fail(error))?;
    entries.extend(recorded().take(count));
    session.listing(arguments.json(), || entries.iter().rev().map(|entry| Line::new(entry, &owners)));
    Ok(())
}

/// A line of `trace`.
#[derive(Value)]
struct Line<'a> {
    time_s: Shown<Seconds>,
    event: &'static str,
    /// `None` if it is about no binding.
    binding: Option<u64>,
    owner: &'a str,
    what: &'static str,
}

impl<'a> Line<'a> {
    fn new(entry: &Entry, owners: &'a Owners) -> Self {
        Self {
            time_s: Shown(Seconds(entry.time)),
            event: entry.event.declaration().name,
            binding: (entry.binding != BindingId::NONE).then(|| entry.binding.number()),
            owner: owners.name(entry.owner),
            what: entry.what.in_words(),
        }
    }
}

impl Row for Line<'_> {
    const COLUMNS: &'static [Column] = &[
        Column::numbers("TIME (s)"),
        Column::words("EVENT"),
        Column::numbers("BINDING"),
        Column::words("OWNER"),
        Column::words("WHAT"),
    ];

    fn cell(&self, column: usize) -> Cell<'_> {
        match column {
            0 => Cell::Shown(&self.time_s.0),
            1 => Cell::Word(self.event),
            2 => self.binding.map_or(Cell::Nothing, Cell::Number),
            3 => Cell::Word(self.owner),
            _ => Cell::Word(self.what),
        }
    }
}
