//! `cargo xtask bench`: measures inside the kernel, prints a table, keeps the figures as JSON; with `--linux` it
//! measures Linux on the same machine too, and puts both into one table.
//!
//! ```text
//!  spindle ---+                      +-- table    on the terminal and, with `--doc`, in docs/benchmarks.md (`page`)
//!             +--> results ----------+-- verdicts which expectations are met
//!  linux -----+   (`results`)        +-- report   JSON
//! ```
//!
//! *Concepts*: figures are compared within one run only: it names the accelerator, the processor and the emulator.
//!
//! *Not here*: what is timed and how (`benches/`).

mod date;
mod linux;
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
use crate::failure::Result;
use crate::folders::Folders;
use crate::toolchain;
use linux::Linux;
use page::{Page, Place};
use results::Results;
use table::Labels;

/// Options of `cargo xtask bench`.
#[derive(Args)]
pub(crate) struct Options {
    /// Only benchmarks of Spindle whose id begins with this.
    #[arg(default_value = "")]
    filter: String,
    /// Write the figures to this file too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Count instructions instead of time: repeatable on any machine.
    #[arg(long)]
    icount: bool,
    /// Boot so many times; each figure is then that of the boot in the middle.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=99))]
    boots: u32,
    /// Measure Linux beside Spindle: Debian's newest cloud kernel, or this one.
    #[arg(long, value_name = "VMLINUZ", num_args = 0..=1, require_equals = true)]
    linux: Option<Option<PathBuf>>,
    /// Write the table to docs/benchmarks.md.
    #[arg(long, requires = "linux", conflicts_with = "filter")]
    doc: bool,
}

/// Boots, measures, prints, keeps.
pub(crate) fn run(options: &Options, folders: &Folders) -> Result<ExitCode> {
    let place = if options.icount { Place::Instructions } else { Place::Time };
    let page = options.doc.then(|| Page::open(folders, place)).transpose()?;
    options.json.as_deref().map_or(Ok(()), report::is_writable)?;
    let tools = toolchain::tools(folders)?;
    let image = build::image(&tools, folders, Flavor::Plain)?;
    let boot = Boot { counts_instructions: options.icount, ..Boot::new(&tools, folders, image) };
    let linux =
        options.linux.as_ref().map(|kernel| Linux::prepare(folders, kernel.as_deref())).transpose()?;
    let boots = (0..options.boots).map(|_| measure(&boot, &options.filter, linux.as_ref()));
    let results = Results::middle(boots.collect::<Result<_>>()?);
    print!("{}", results.listing(boot.accelerator()));
    if let Some(linux) = &linux {
        print!("\n{}\n{}", table::compare(&results, Labels::Ids).text(), verdicts::text(&results));
        page.map_or(Ok(()), |page| {
            page.write(&report::circumstances(&boot, linux, options.boots), &results)
        })?;
    }
    options.json.as_deref().map_or(Ok(()), |file| report::keep(&boot, linux.as_ref(), &results, file))?;
    Ok(ExitCode::SUCCESS)
}

/// Spindle's figures, and those of Linux if it was asked for.
fn measure(boot: &Boot<'_>, filter: &str, linux: Option<&Linux>) -> Result<Results> {
    let mut results = Results::default();
    spindle::measure(boot, filter, &mut results)?;
    linux.map_or(Ok(()), |linux| linux.measure(boot, &mut results))?;
    Ok(results)
}
