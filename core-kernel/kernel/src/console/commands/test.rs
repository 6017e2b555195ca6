//! `test` and `crash`: the in-kernel tests, in kernels built for them.
//!
//! Output follows docs/reference/test-protocol.md.

use linkme::distributed_slice;
use spindle_kerncore::command::{Arguments, Opt, Parameter};
use spindle_kerncore::table::{Cell, Column, Row};
use spindle_kernel_tests::{Test, crash as crash_by, crashes, run as run_tests};
use sval::Value;

use crate::console::Session;
use crate::console::error::Failed;
use crate::console::registry::{COMMANDS, Command};

mod events;
mod extensions;
mod own;
mod user;

#[distributed_slice(COMMANDS)]
static LIST: Command = Command::new(&["test", "list"], "list the in-kernel tests", list).with(&[Opt::JSON]);

#[distributed_slice(COMMANDS)]
static RUN: Command = Command::new(&["test", "run"], "run the in-kernel tests", run)
    .taking(&[Parameter::optional("FILTER", names)]);

#[distributed_slice(COMMANDS)]
static CRASH_LIST: Command =
    Command::new(&["crash", "list"], "list the ways to crash", list_crashes).with(&[Opt::JSON]);

#[distributed_slice(COMMANDS)]
static CRASH: Command = Command::new(&["crash"], "crash the kernel on purpose", crash)
    .taking(&[Parameter::required("KIND", kinds)]);

/// The tests of every crate, and the console's.
fn tests() -> impl Iterator<Item = &'static Test> {
    spindle_kernel_tests::tests()
        .chain(own::TESTS)
        .chain(extensions::TESTS)
        .chain(events::TESTS)
        .chain(user::TESTS)
}

fn names(_before: &str, found: &mut dyn FnMut(&str)) {
    tests().for_each(|test| found(test.name()));
}

fn kinds(_before: &str, found: &mut dyn FnMut(&str)) {
    crashes().for_each(found);
}

fn list(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    session.listing(arguments.json(), || tests().map(Listed::from));
    Ok(())
}

fn run(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let filter = arguments.word(0).unwrap_or_default();
    match run_tests(tests(), filter, &mut session.sink()) {
        Ok(tally) if tally.failed == 0 => Ok(()),
        _ => Err(session.fail_silently()),
    }
}

fn list_crashes(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    if arguments.json() {
        session.json_rows(crashes());
    } else {
        crashes().for_each(|kind| session.say(format_args!("{kind}")));
    }
    Ok(())
}

fn crash(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let kind = arguments.word(0).unwrap_or_default();
    crash_by(kind);
    Err(session.fail_for_want_of("way to crash", kind, kinds))
}

#[derive(Value)]
struct Listed {
    name: &'static str,
}

impl From<&Test> for Listed {
    fn from(test: &Test) -> Self {
        Self { name: test.name() }
    }
}

impl Row for Listed {
    const COLUMNS: &'static [Column] = &[Column::words("TEST")];

    fn cell(&self, _column: usize) -> Cell<'_> {
        Cell::Word(self.name)
    }
}
