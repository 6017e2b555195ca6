//! `mem`: who holds how much memory.
//!
//! All of it is measured before anything is printed, so that what printing needs does not show. Two equal outputs
//! mean that between them every owner gave back what it took.

use linkme::distributed_slice;
use spindle_domain::Info;
use spindle_kerncore::command::{Arguments, Opt};
use spindle_kerncore::table::{Cell, Column, Row};
use spindle_mem::Usage;
use sval::Value;

use crate::console::Session;
use crate::console::error::Failed;
use crate::console::json::{Each, Shown};
use crate::console::registry::{COMMANDS, Command};

#[distributed_slice(COMMANDS)]
static MEM: Command =
    Command::new(&["mem"], "show who holds how much memory, owner by owner", mem).with(&[Opt::JSON]);

fn mem(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let usage = spindle_mem::usage();
    let domains = spindle_domain::list();
    let owners = || usage.owners().map(|(owner, bytes)| Holding::new(owner, bytes, &domains));
    if arguments.json() {
        session.json(Memory::new(&usage, Each(owners)));
        return Ok(());
    }
    session.listing(false, owners);
    let Usage { heap_capacity_bytes, heap_in_use_bytes, .. } = usage;
    session.say(format_args!("all owners together: {} bytes", usage.total_bytes()));
    session.say(format_args!("kernel heap: {heap_in_use_bytes} of {heap_capacity_bytes} bytes in use"));
    Ok(())
}

#[derive(Value)]
struct Memory<O> {
    total_bytes: u64,
    heap_capacity_bytes: u64,
    heap_in_use_bytes: u64,
    owners: O,
}

impl<O> Memory<O> {
    fn new(usage: &Usage, owners: O) -> Self {
        Self {
            total_bytes: usage.total_bytes(),
            heap_capacity_bytes: usage.heap_capacity_bytes as u64,
            heap_in_use_bytes: usage.heap_in_use_bytes as u64,
            owners,
        }
    }
}

/// What one owner holds.
#[derive(Value)]
struct Holding<'a> {
    owner: Shown<spindle_mem::Owner>,
    /// The extension, if the owner is a domain.
    extension: Option<&'a str>,
    bytes: u64,
}

impl<'a> Holding<'a> {
    fn new(owner: spindle_mem::Owner, bytes: u64, domains: &'a [Info]) -> Self {
        let domain = domains.iter().find(|info| info.id.memory_owner() == owner);
        Self { owner: Shown(owner), extension: domain.map(|info| info.name.as_str()), bytes }
    }
}

impl Row for Holding<'_> {
    const COLUMNS: &'static [Column] =
        &[Column::words("OWNER"), Column::words("EXTENSION"), Column::numbers("HOLDS (bytes)")];

    fn cell(&self, column: usize) -> Cell<'_> {
        match column {
            0 => Cell::Shown(&self.owner.0),
            1 => self.extension.map_or(Cell::Nothing, Cell::Word),
            _ => Cell::Number(self.bytes),
        }
    }
}
