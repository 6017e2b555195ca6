//! `ext`: extensions, loaded and to be had.

use alloc::string::String;
use alloc::vec::Vec;

use linkme::distributed_slice;
use spindle_abi::Role;
use spindle_abi::package::Package;
use spindle_domain::Info;
use spindle_kerncore::command::{Arguments, Opt, Parameter};
use spindle_kerncore::table::{Cell, Column, Row};
use sval::Value;

use crate::console::Session;
use crate::console::error::Failed;
use crate::console::names;
use crate::console::registry::{COMMANDS, Command};
use crate::ramdisk;

mod details;
mod pushed;
mod rows;

#[distributed_slice(COMMANDS)]
static LOAD: Command = Command::new(&["ext", "load"], "load an extension from the ramdisk", load)
    .taking(&[Parameter::required("NAME", names::packages)]);

#[distributed_slice(COMMANDS)]
static UNLOAD: Command =
    Command::new(&["ext", "unload"], "unload an extension and give back all that it held", unload)
        .taking(&[Parameter::required("NAME", names::loaded)]);

#[distributed_slice(COMMANDS)]
static LIST: Command =
    Command::new(&["ext", "list"], "list extensions, loaded and in the ramdisk", list).with(&[Opt::JSON]);

#[distributed_slice(COMMANDS)]
static INFO: Command = Command::new(&["ext", "info"], "show what an extension is and holds", info)
    .taking(&[Parameter::required("NAME", names::extensions)])
    .with(&[Opt::JSON]);

fn load(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let name = arguments.word(0).unwrap_or_default();
    let package = ramdisk::package(name).ok_or_else(|| {
        session.fail_for_want_of("extension in the ramdisk is called", name, names::packages)
    })?;
    load_package(session, package)
}

/// Loads a package and says what of it is now there.
fn load_package(session: &Session, package: &[u8]) -> Result<(), Failed> {
    let name = spindle_domain::load(package).map_err(|error| session.fail(error))?;
    if let Some(info) = spindle_domain::info(&name) {
        let bytes = mapped_bytes(&info);
        session
            .say(format_args!("loaded {name} {}: {bytes} bytes, handlers: {}", info.version, info.handlers));
    }
    Ok(())
}

fn unload(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let name = arguments.word(0).unwrap_or_default();
    if spindle_domain::info(name).is_none() {
        return Err(session.fail_for_want_of("loaded extension is called", name, names::loaded));
    }
    unload_loaded(session, name)
}

/// Unloads an extension and says what it gave back.
fn unload_loaded(session: &Session, name: &str) -> Result<(), Failed> {
    let unloaded = spindle_domain::unload(name).map_err(|error| session.fail(error))?;
    if let Some(fault) = unloaded.fault {
        session.say(format_args!("{name} {fault}"));
    }
    let handlers = unloaded.handlers;
    session.say(format_args!("unloaded {name}: {} bytes given back, handlers: {handlers}", unloaded.bytes));
    Ok(())
}

fn list(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let loaded = spindle_domain::list();
    let packages: Vec<(String, &[u8])> = ramdisk::packages().collect();
    let is_loaded = |name: &str| loaded.iter().any(|info| info.name == name);
    session.listing(arguments.json(), || {
        let available = packages.iter().filter(|(name, _)| !is_loaded(name)).map(Extension::available);
        loaded.iter().map(Extension::loaded).chain(available)
    });
    Ok(())
}

fn info(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let name = arguments.word(0).unwrap_or_default();
    if let Some(info) = spindle_domain::info(name) {
        details::show_loaded(session, arguments.json(), &info);
        return Ok(());
    }
    let package = ramdisk::package(name)
        .ok_or_else(|| session.fail_for_want_of("extension", name, names::extensions))?;
    details::show_package(session, arguments.json(), package)
}

/// Bytes that a domain's image and heap take.
fn mapped_bytes(info: &Info) -> u64 {
    info.text_bytes + info.read_only_bytes + info.data_bytes + info.heap_bytes
}

/// A line of `ext list`.
#[derive(Value)]
struct Extension<'a> {
    name: &'a str,
    /// `None` if the package cannot be read.
    version: Option<&'a str>,
    state: &'static str,
    handlers: Option<u64>,
    /// What it holds of memory, or how long the package is.
    bytes: u64,
}

impl<'a> Extension<'a> {
    fn loaded(info: &'a Info) -> Self {
        Self {
            name: &info.name,
            version: Some(&info.version),
            state: info.state.name(),
            handlers: Some(info.handlers as u64),
            bytes: mapped_bytes(info),
        }
    }

    fn available((name, bytes): &'a (String, &'static [u8])) -> Self {
        let package = Package::parse(bytes).ok();
        Self {
            name,
            version: package.map(|package| package.manifest().version),
            state: if package.is_some() { "in ramdisk" } else { "damaged" },
            handlers: package.map(|package| {
                package.manifest().rows().filter(|row| row.role != Role::Guard).count() as u64
            }),
            bytes: bytes.len() as u64,
        }
    }
}

impl Row for Extension<'_> {
    const COLUMNS: &'static [Column] = &[
        Column::words("NAME"),
        Column::words("VERSION"),
        Column::words("STATE"),
        Column::numbers("HANDLERS"),
        Column::numbers("SIZE (bytes)"),
    ];

    fn cell(&self, column: usize) -> Cell<'_> {
        match column {
            0 => Cell::Word(self.name),
            1 => self.version.map_or(Cell::Nothing, Cell::Word),
            2 => Cell::Word(self.state),
            3 => self.handlers.map_or(Cell::Nothing, Cell::Number),
            _ => Cell::Number(self.bytes),
        }
    }
}
