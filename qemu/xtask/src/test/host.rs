//! Tests that need no machine: `cargo test` of the host crates.

use std::process::{Command, ExitStatus};

use spindle_runner::{Complaints, Ending, capture};

use super::tally::Tally;
use crate::boot::limits;
use crate::failure::Result;
use crate::folders::Folders;

/// Building everything is the silent part on a small machine.
const TOTAL_S: u64 = 2_400;
const SILENCE_S: u64 = 900;

/// Runs them with the cargo that runs xtask, shows what it shows, and counts.
pub(super) fn run(folders: &Folders, filter: &str, tally: &mut Tally) -> Result<()> {
    tally.heading("host tests");
    let mut count = Count::default();
    let mut cargo = command(folders, filter);
    let log = folders.log("test-host");
    let ended = capture(&mut cargo, limits(TOTAL_S, SILENCE_S), &log, Complaints::Shown, |line| {
        println!("{line}");
        count.feed(line);
    })?;
    let Count { passed, mut failures } = count;
    failures.extend(accident(ended.ending, failures.is_empty()));
    tally.shown(passed, failures);
    Ok(())
}

fn command(folders: &Folders, filter: &str) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folders.root()).args(["test", "--no-fail-fast"]);
    if !filter.is_empty() {
        cargo.args(["--", filter]);
    }
    cargo
}

/// What cargo's own ending adds: it may fail without a failing test, and hang.
fn accident(ending: Ending, nothing_failed: bool) -> Option<String> {
    match ending {
        Ending::Hung(_) => Some("host tests: they hang, and were ended".to_owned()),
        Ending::Exited(status) if ExitStatus::success(&status) || !nothing_failed => None,
        Ending::Exited(status) => {
            Some(format!("host tests: cargo ended with {status}; they do not build, or one died"))
        }
    }
}

/// Reads what test programs print.
#[derive(Debug, Default)]
pub(super) struct Count {
    pub(super) passed: usize,
    pub(super) failures: Vec<String>,
}

impl Count {
    pub(super) fn feed(&mut self, line: &str) {
        let failed = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED"));
        self.failures.extend(failed.map(str::to_owned));
        self.passed += passed(line).unwrap_or(0);
    }
}

/// The number in `test result: ok. 37 passed; 0 failed; ...`.
fn passed(line: &str) -> Option<usize> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    counts.split_once(" passed")?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Count, accident};
    use spindle_runner::Ending;
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    #[test]
    fn totals_of_several_programs_add_up() {
        let mut count = Count::default();
        for line in [
            "test a::b ... ok",
            "test a::c ... FAILED",
            "test result: FAILED. 12 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.62s",
            "test result: ok. 30 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.62s",
        ] {
            count.feed(line);
        }
        assert_eq!((count.passed, count.failures), (42, vec!["a::c".to_owned()]));
    }

    #[test]
    fn failing_without_a_failing_test_is_a_failure() {
        let ending = |code: i32| Ending::Exited(ExitStatus::from_raw(code << 8));
        assert!(accident(ending(101), true).is_some());
        assert!(accident(ending(101), false).is_none());
        assert!(accident(ending(0), true).is_none());
    }
}
