//! In-kernel tests: one boot runs them all.

use spindle_runner::TestRun;

use super::tally::Tally;
use crate::boot::{Boot, limits};
use crate::failure::Result;

const TOTAL_S: u64 = 600;
const SILENCE_S: u64 = 120;

/// Runs the tests that the filter leaves; returns the ways to crash that the kernel offers, asked for in the same boot.
pub(super) fn run(boot: &Boot<'_>, filter: &str, tally: &mut Tally) -> Result<Vec<String>> {
    tally.heading("in-kernel tests");
    let mut tests = TestRun::default();
    let run_tests = format!("test run {filter}");
    let commands = ["crash list", run_tests.trim_end()];
    let scripted = boot.script("test-kernel", &commands, limits(TOTAL_S, SILENCE_S), |line| {
        tests.feed(line).iter().for_each(|case| tally.case(&case.name, case.failure.as_deref()));
    })?;
    for case in tests.finish(&scripted.reason()) {
        let failure = case.failure.map(|reason| format!("{reason}\nlog: {}", scripted.ended.log.display()));
        tally.case(&case.name, failure.as_deref());
    }
    if let Some(boot) = scripted.script.boot() {
        println!("        prompt after {:.1} s", boot.as_secs_f64());
    }
    Ok(scripted.script.commands()[0].output.clone())
}
