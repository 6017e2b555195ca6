//! `bench`: what calls, raises and loading cost on this machine.

use core::hint::black_box;

use linkme::distributed_slice;
use spindle_abi::EventSpec;
use spindle_bench_guest::{Bench, Measurement, Settings, all, run, unit};
use spindle_dispatcher::{Handler, KernelHandler};
use spindle_interfaces::bench::Null;
use spindle_interfaces::trap::SystemCall;
use spindle_kerncore::command::{Arguments, Opt, Parameter};
use spindle_kerncore::table::{Cell, Column, Row};
use sval::Value;

use crate::console::Session;
use crate::console::error::Failed;
use crate::console::names;
use crate::console::registry::{COMMANDS, Command};
use crate::ramdisk;
use crate::user::{NullCalls, measure_null_calls};

const SAMPLES: &str = "--samples";
/// The machine counts instructions in place of time.
const ICOUNT: &str = "--icount";
const LIST: &str = "--list";
const MAX_SAMPLES: usize = 1_000_000;

#[distributed_slice(COMMANDS)]
static BENCH: Command = Command::new(&["bench"], "measure calls, raises, crossings and loading", bench)
    .taking(&[Parameter::optional("FILTER", names::benchmarks)])
    .with(&[
        Opt { name: SAMPLES, value: Some("N") },
        Opt { name: ICOUNT, value: None },
        Opt { name: LIST, value: None },
        Opt::JSON,
    ]);

fn bench(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let filter = arguments.word(0).unwrap_or_default();
    if arguments.has(LIST) {
        let chosen = || all().filter(|bench| bench.id.starts_with(filter));
        session.listing(arguments.json(), || chosen().map(Listed::from));
        return Ok(());
    }
    let settings = Settings {
        samples: samples(session, arguments)?,
        unit: unit(arguments.has(ICOUNT)),
        kernel_handler: Handler::kernel::<Null, Nothing>,
        system_call_handler: Handler::kernel::<SystemCall, NullCalls>,
        package: &ramdisk::package,
        null_system_calls: &measure_null_calls,
    };
    if arguments.json() {
        measure_json(session, filter, &settings)
    } else {
        measure(session, filter, &settings)
    }
}

/// The kernel handler that `P4/kernel` raises: it does nothing.
struct Nothing;

impl KernelHandler<Null> for Nothing {
    fn handle(_frame: &mut <Null as EventSpec>::Frame<'_>) {
        black_box(());
    }
}

fn samples(session: &Session, arguments: &Arguments<'_>) -> Result<usize, Failed> {
    let Some(value) = arguments.value(SAMPLES) else { return Ok(Settings::DEFAULT_SAMPLES) };
    let samples = value.parse().ok().filter(|samples| (1..=MAX_SAMPLES).contains(samples));
    samples.ok_or_else(|| session.fail(format_args!("{SAMPLES} must be a number from 1 to {MAX_SAMPLES}")))
}

fn measure(session: &Session, filter: &str, settings: &Settings<'_>) -> Result<(), Failed> {
    session.say(format_args!("{}", Measurement::HEADING));
    run(filter, settings, |measurement| session.say(format_args!("{measurement}")))
        .map(|_count| ())
        .map_err(|error| session.fail(error))
}

/// An array, one measurement on each line as soon as it is made.
fn measure_json(session: &Session, filter: &str, settings: &Settings<'_>) -> Result<(), Failed> {
    let mut separator = "[";
    let outcome = run(filter, settings, |measurement| {
        session.print(format_args!("{separator}{}", measurement.json()));
        separator = ",\n";
    });
    session.print(format_args!("{}]\n", if separator == "[" { "[" } else { "" }));
    outcome.map(|_count| ()).map_err(|error| session.fail(error))
}

#[derive(Value)]
struct Listed {
    id: &'static str,
    name: &'static str,
}

impl From<Bench> for Listed {
    fn from(bench: Bench) -> Self {
        Self { id: bench.id, name: bench.name }
    }
}

impl Row for Listed {
    const COLUMNS: &'static [Column] = &[Column::words("ID"), Column::words("WHAT IS TIMED")];

    fn cell(&self, column: usize) -> Cell<'_> {
        Cell::Word(if column == 0 { self.id } else { self.name })
    }
}
