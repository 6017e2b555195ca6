//! `cargo xtask test`: host tests, models, one boot with every in-kernel test, must-fault images, machine sizes,
//! transcripts, the terminal of whoever runs it, and the control channel.
//!
//! *Invariants*: INV-TEST-3: everything that runs has a limit, and exceeding it is a failure. INV-TEST-4: the last line
//! is `N passed, N failed`, and the status is zero only if something passed and nothing failed.

mod control;
mod faults;
mod host;
mod kernel;
mod loom;
mod sizes;
mod tally;
mod terminal;
mod transcripts;

use std::process::ExitCode;

use clap::Args;

use crate::boot::Boot;
use crate::build::{self, Flavor};
use crate::failure::Result;
use crate::folders::Folders;
use crate::toolchain;
use tally::Tally;

/// Options of `cargo xtask test`.
#[derive(Args)]
pub(crate) struct Options {
    /// Only tests whose name contains this: a host or in-kernel test's path, `crash::KIND`, `memory::SIZE`,
    /// `transcript::FILE:LINE`, `terminal::CASE`, `control::CASE`; `loom` or `loom::MODEL` for models alone.
    #[arg(default_value = "")]
    filter: String,
}

/// Runs what the filter leaves.
pub(crate) fn run(options: &Options, folders: &Folders) -> Result<ExitCode> {
    let filter = options.filter.as_str();
    let mut tally = Tally::default();
    if loom::is_meant(filter) {
        loom::run(folders, filter, &mut tally)?;
        return tally.conclude(filter);
    }
    let tools = toolchain::tools(folders)?;
    host::run(folders, filter, &mut tally)?;
    loom::run(folders, filter, &mut tally)?;
    let test_image = Boot::new(&tools, folders, build::image(&tools, folders, Flavor::Test)?);
    let crashes = kernel::run(&test_image, filter, &mut tally)?;
    faults::run(&test_image, &crashes, filter, &mut tally)?;
    sizes::run(&test_image, filter, &mut tally)?;
    transcripts::run(folders, filter, &mut tally, || {
        Ok(Boot::new(&tools, folders, build::image(&tools, folders, Flavor::Plain)?))
    })?;
    terminal::run(folders, filter, &mut tally)?;
    control::run(folders, filter, &mut tally)?;
    tally.conclude(filter)
}
