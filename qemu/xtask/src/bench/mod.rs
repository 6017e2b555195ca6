//! `cargo xtask bench`: measures inside the kernel, prints a table, keeps the figures as JSON; with `--linux` it
//! measures Linux on the same machine too, and puts both into one table; with `--host` it measures the dispatcher on
//! this machine's own processor instead.
//!
//! ```text
//!  spindle ---+                      +-- compare, list  on the terminal and, with `--doc`, in docs/benchmarks.md (`page`)
//!  linux -----+--> results ----------+-- curves         pictures beside the page
//!  host ------+   (`results`)        +-- verdicts       which expectations are met
//!                                    +-- report         JSON
//! ```
//!
//! *Concepts*: figures are compared within one run only: it names the accelerator, the processor and the emulator.
//!
//! *Not here*: what is timed and how (`benches/`).

mod chart;
mod compare;
mod curves;
mod date;
mod host;
mod linux;
mod list;
mod page;
mod report;
mod results;
mod spindle;
mod table;
mod verdicts;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::boot::Boot;
use crate::build::{self, Flavor};
use crate::failure::{Failure, Result};
use crate::folders::Folders;
use crate::toolchain;
use compare::{Labels, compare};
use linux::Linux;
use list::{is_of_dispatcher, list};
use page::{Page, Place};
use results::Results;

/// Options of `cargo xtask bench`.
#[derive(Args)]
pub(crate) struct Options {
    /// Only benchmarks of Spindle whose id begins with this; with `--host`, contains this.
    #[arg(default_value = "")]
    filter: String,
    /// Write the figures to this file too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Count instructions instead of time: repeatable on any machine.
    #[arg(long)]
    icount: bool,
    /// Boot so many times (with `--host`: run so many times); each figure is then that of the one in the middle.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=99))]
    boots: u32,
    /// Measure Linux beside Spindle: Debian's newest cloud kernel, or this one.
    #[arg(long, value_name = "VMLINUZ", num_args = 0..=1, require_equals = true)]
    linux: Option<Option<PathBuf>>,
    /// Measure the dispatcher on this machine's processor, outside any kernel.
    #[arg(long, conflicts_with_all = ["linux", "icount"])]
    host: bool,
    /// Write the figures to docs/benchmarks.md and draw their curves; with `--linux` or `--host`.
    #[arg(long, conflicts_with = "filter")]
    doc: bool,
}

impl Options {
    fn place(&self) -> Place {
        match (self.host, self.icount) {
            (true, _) => Place::Host,
            (false, true) => Place::Instructions,
            (false, false) => Place::Time,
        }
    }
}

/// Measures, prints, keeps.
pub(crate) fn run(options: &Options, folders: &Folders) -> Result<ExitCode> {
    if options.doc && !options.host && options.linux.is_none() {
        return Err(Failure::new("`--doc` needs `--linux` or `--host`")
            .because("docs/benchmarks.md has Spindle beside Linux, and the host by itself"));
    }
    let page = options.doc.then(|| Page::open(folders, options.place())).transpose()?;
    options.json.as_deref().map_or(Ok(()), report::is_writable)?;
    if options.host { of_host(options, folders, page) } else { of_kernels(options, folders, page) }?;
    Ok(ExitCode::SUCCESS)
}

/// Runs the host's benchmarks.
fn of_host(options: &Options, folders: &Folders, page: Option<Page>) -> Result<()> {
    let run = |_| {
        let mut results = Results::default();
        host::measure(folders, &options.filter, &mut results).map(|()| results)
    };
    let results = Results::middle((0..options.boots).map(run).collect::<Result<_>>()?);
    let (table, verdicts) = (list(&results, |_| true), verdicts::text(verdicts::ON_THE_HOST, &results));
    print!("{}\n{verdicts}", table.text());
    if let Some(page) = page {
        let pictures = curves::draw(folders, page.place().machine(), &results)?;
        let figures = format!("{verdicts}\n{pictures}{}", table.markdown());
        page.write(&report::circumstances_of_host(options.boots), &figures)?;
    }
    options.json.as_deref().map_or(Ok(()), |file| report::keep_host(&results, file))
}

/// Boots Spindle, and Linux if it was asked for.
fn of_kernels(options: &Options, folders: &Folders, page: Option<Page>) -> Result<()> {
    let tools = toolchain::tools(folders)?;
    let image = build::image(&tools, folders, Flavor::Plain)?;
    let boot = Boot { counts_instructions: options.icount, ..Boot::new(&tools, folders, image) };
    let linux =
        options.linux.as_ref().map(|kernel| Linux::prepare(folders, kernel.as_deref())).transpose()?;
    let boots = (0..options.boots).map(|_| measure(&boot, &options.filter, linux.as_ref()));
    let results = Results::middle(boots.collect::<Result<_>>()?);
    print!("{}", results.listing(boot.accelerator()));
    if let Some(linux) = &linux {
        let verdicts = verdicts::text(verdicts::IN_THE_GUEST, &results);
        print!("\n{}\n{verdicts}", compare(&results, Labels::Ids, |_| true).text());
        page.map_or(Ok(()), |page| {
            let circumstances = report::circumstances(&boot, linux, options.boots);
            page.write(&circumstances, &figures_of_kernels(folders, page.place(), &results, &verdicts)?)
        })?;
    }
    options.json.as_deref().map_or(Ok(()), |file| report::keep(&boot, linux.as_ref(), &results, file))
}

/// What the page has of both kernels: what stands beside Linux, then the dispatcher by itself.
fn figures_of_kernels(folders: &Folders, place: Place, results: &Results, verdicts: &str) -> Result<String> {
    let pictures = curves::draw(folders, place.machine(), results)?;
    let beside = compare(results, Labels::Words, |id| !is_of_dispatcher(id)).markdown();
    let dispatcher = list(results, is_of_dispatcher).markdown();
    Ok(format!("{beside}\n{verdicts}\n{pictures}{dispatcher}"))
}

/// Spindle's figures, and those of Linux if it was asked for.
fn measure(boot: &Boot<'_>, filter: &str, linux: Option<&Linux>) -> Result<Results> {
    let mut results = Results::default();
    spindle::measure(boot, filter, &mut results)?;
    linux.map_or(Ok(()), |linux| linux.measure(boot, &mut results))?;
    Ok(results)
}
