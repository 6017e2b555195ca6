//! The dispatcher on the processor of this machine, by `benches/host`.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::results::Results;
use crate::failure::{Failure, Result};
use crate::folders::Folders;

const PACKAGE: &str = "spindle-bench-host";

/// What repeats a measurement, in words.
pub(super) const COMMAND: &str = "cargo bench -p spindle-bench-host";

/// Adds what the benchmarks print, of those whose id contains `filter`.
pub(super) fn measure(folders: &Folders, filter: &str, results: &mut Results) -> Result<()> {
    let failure = || Failure::new("the host could not be measured").next(COMMAND);
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folders.root()).args(["bench", "--package", PACKAGE]).stdout(Stdio::piped());
    if !filter.is_empty() {
        cargo.args(["--", filter]);
    }
    let mut cargo = cargo.spawn().map_err(|error| failure().because(error))?;
    let output = cargo.stdout.take().expect("it was asked for as a pipe");
    for line in BufReader::new(output).lines() {
        results.feed("", &line.map_err(|error| failure().because(error))?);
    }
    let status = cargo.wait().map_err(|error| failure().because(error))?;
    results.check()?;
    if status.success() { Ok(()) } else { Err(failure().because("its messages are above")) }
}
