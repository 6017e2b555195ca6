//! `domain`: what loaded extensions hold.

use linkme::distributed_slice;
use spindle_domain::{DomainId, Info};
use spindle_kerncore::command::{Arguments, Opt};
use spindle_kerncore::table::{Cell, Column, Row};
use sval::Value;

use crate::console::Session;
use crate::console::error::Failed;
use crate::console::json::Shown;
use crate::console::registry::{COMMANDS, Command};

#[distributed_slice(COMMANDS)]
static LIST: Command =
    Command::new(&["domain", "list"], "list domains and what they hold", list).with(&[Opt::JSON]);

fn list(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let domains = spindle_domain::list();
    session.listing(arguments.json(), || domains.iter().map(Domain::from));
    Ok(())
}

#[derive(Value)]
struct Domain<'a> {
    id: Shown<DomainId>,
    extension: &'a str,
    state: &'static str,
    handlers: u64,
    text_bytes: u64,
    read_only_bytes: u64,
    data_bytes: u64,
    heap_bytes: u64,
    heap_quota_bytes: u64,
}

impl<'a> From<&'a Info> for Domain<'a> {
    fn from(info: &'a Info) -> Self {
        Self {
            id: Shown(info.id),
            extension: &info.name,
            state: info.state.name(),
            handlers: info.handlers as u64,
            text_bytes: info.text_bytes,
            read_only_bytes: info.read_only_bytes,
            data_bytes: info.data_bytes,
            heap_bytes: info.heap_bytes,
            heap_quota_bytes: info.heap_quota_bytes,
        }
    }
}

impl Row for Domain<'_> {
    const COLUMNS: &'static [Column] = &[
        Column::words("DOMAIN"),
        Column::words("EXTENSION"),
        Column::words("STATE"),
        Column::numbers("HANDLERS"),
        Column::numbers("TEXT (bytes)"),
        Column::numbers("READ-ONLY (bytes)"),
        Column::numbers("DATA (bytes)"),
        Column::numbers("HEAP (bytes)"),
        Column::numbers("HEAP LIMIT (bytes)"),
    ];

    fn cell(&self, column: usize) -> Cell<'_> {
        match column {
            0 => Cell::Shown(&self.id.0),
            1 => Cell::Word(self.extension),
            2 => Cell::Word(self.state),
            3 => Cell::Number(self.handlers),
            4 => Cell::Number(self.text_bytes),
            5 => Cell::Number(self.read_only_bytes),
            6 => Cell::Number(self.data_bytes),
            7 => Cell::Number(self.heap_bytes),
            _ => Cell::Number(self.heap_quota_bytes),
        }
    }
}
