//! Models of the dispatcher: its tests under loom, which runs each of them in every interleaving of its threads.
//!
//! They are built with `--cfg loom`, and therefore into a folder of their own.

use std::process::{Command, ExitStatus};

use spindle_runner::{Complaints, Ending, capture};

use super::host::Count;
use super::tally::Tally;
use crate::boot::limits;
use crate::failure::Result;
use crate::folders::Folders;

/// What every model's name begins with here.
const PREFIX: &str = "loom::";

/// All models take about a minute on two processors; one alone up to half of it, and building them says nothing either.
const TOTAL_S: u64 = 900;
const SILENCE_S: u64 = 300;

/// Runs the models that the filter leaves. One that names no model leaves none, so that nothing is built for it.
pub(super) fn run(folders: &Folders, filter: &str, tally: &mut Tally) -> Result<()> {
    let Some(models) = models(filter) else { return Ok(()) };
    tally.heading("models");
    let mut count = Count::default();
    let mut cargo = command(folders, models);
    let log = folders.log("test-loom");
    let ended = capture(&mut cargo, limits(TOTAL_S, SILENCE_S), &log, Complaints::Shown, |line| {
        println!("{line}");
        count.feed(line);
    })?;
    let Count { passed, failures } = count;
    let mut failures: Vec<String> = failures.into_iter().map(|name| format!("{PREFIX}{name}")).collect();
    failures.extend(accident(ended.ending, failures.is_empty()));
    tally.shown(passed, failures);
    Ok(())
}

/// Whether nothing but models was asked for.
pub(super) fn is_meant(filter: &str) -> bool {
    !filter.is_empty() && models(filter).is_some()
}

/// The part of the filter that models' own names are compared with: nothing, `loom` and `loom::` leave all of them.
fn models(filter: &str) -> Option<&str> {
    match filter {
        "" | "loom" => Some(""),
        _ => filter.strip_prefix(PREFIX),
    }
}

fn command(folders: &Folders, filter: &str) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folders.root()).env("RUSTFLAGS", "--cfg loom");
    cargo.env("CARGO_TARGET_DIR", folders.built().join("loom"));
    cargo.args(["test", "--release", "--package", "spindle-dispatcher", "--test", "loom", "--no-fail-fast"]);
    if !filter.is_empty() {
        cargo.args(["--", filter]);
    }
    cargo
}

/// What cargo's own ending adds: it may fail without a failing model, and hang.
fn accident(ending: Ending, nothing_failed: bool) -> Option<String> {
    match ending {
        Ending::Hung(_) => Some("models: they hang, and were ended".to_owned()),
        Ending::Exited(status) if ExitStatus::success(&status) || !nothing_failed => None,
        Ending::Exited(status) => {
            Some(format!("models: cargo ended with {status}; they do not build, or one died"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_meant, models};

    #[test]
    fn a_filter_names_all_models_or_some_or_none() {
        let left = ["", "loom", "loom::", "loom::swap", "swap", "looming"].map(models);
        assert_eq!(left, [Some(""), Some(""), Some(""), Some("swap"), None, None]);
        assert!(is_meant("loom") && is_meant("loom::swap") && !is_meant(""));
    }
}
