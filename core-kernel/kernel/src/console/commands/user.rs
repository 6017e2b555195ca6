//! `user`: programs for ring 3.

use alloc::string::String;
use alloc::vec::Vec;

use linkme::distributed_slice;
use spindle_kerncore::command::{Arguments, Opt, Parameter};
use spindle_kerncore::table::{Cell, Column, Row};
use sval::Value;

use crate::console::Session;
use crate::console::error::Failed;
use crate::console::names;
use crate::console::registry::{COMMANDS, Command};
use crate::ramdisk;
use crate::user::{DEFAULT_BUDGET_MS, Ended, Process};

const BUDGET: &str = "--budget";

#[distributed_slice(COMMANDS)]
static RUN: Command = Command::new(&["user", "run"], "run a user program to its end", run)
    .taking(&[Parameter::required("NAME", names::programs), Parameter::optional("ARGUMENT", names::nothing)])
    .with(&[Opt { name: BUDGET, value: Some("MS") }]);

#[distributed_slice(COMMANDS)]
static LIST: Command =
    Command::new(&["user", "list"], "list the user programs in the ramdisk", list).with(&[Opt::JSON]);

fn run(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let name = arguments.word(0).unwrap_or_default();
    let argument = number(session, "ARGUMENT", arguments.word(1), 0)?;
    let budget_ms = number(session, BUDGET, arguments.value(BUDGET), DEFAULT_BUDGET_MS)?;
    let elf = ramdisk::program(name)
        .ok_or_else(|| session.fail_for_want_of("program in the ramdisk is called", name, names::programs))?;
    let process = Process::load(elf, [argument, 0, 0]).map_err(|error| session.fail(error))?;
    let (process, report) = process.run(budget_ms);
    drop(process);
    if report.unanswered > 0 {
        let (count, first) = (report.unanswered, report.first_unanswered);
        session.say(format_args!("system calls that nobody answered: {count}, the first of number {first}"));
    }
    match report.ended {
        Ended::Exited { status: 0, .. } => {
            session.say(format_args!("program `{name}` {}", report.ended));
            Ok(())
        }
        _ => Err(session.fail(format_args!("program `{name}` {}", report.ended))),
    }
}

fn number(session: &Session, what: &str, word: Option<&str>, otherwise: u64) -> Result<u64, Failed> {
    let Some(word) = word else { return Ok(otherwise) };
    word.parse().map_err(|_| session.fail(format_args!("{what} must be a number, not `{word}`")))
}

fn list(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let programs: Vec<(String, &[u8])> = ramdisk::programs().collect();
    session.listing(arguments.json(), || {
        programs.iter().map(|(name, elf)| Listed { name, bytes: elf.len() as u64 })
    });
    Ok(())
}

#[derive(Value)]
struct Listed<'a> {
    name: &'a str,
    bytes: u64,
}

impl Row for Listed<'_> {
    const COLUMNS: &'static [Column] = &[Column::words("PROGRAM"), Column::numbers("SIZE (bytes)")];

    fn cell(&self, column: usize) -> Cell<'_> {
        if column == 0 { Cell::Word(self.name) } else { Cell::Number(self.bytes) }
    }
}
