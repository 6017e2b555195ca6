//! In-kernel tests: one boot runs them all.

use spindle_runner::TestRun;

use super::tally::Tally;
use crate::boot::{Boot, limits};
use crate::failure::Result;

const TOTAL_S: u64 = 600;
const SILENCE_S: u64 = 120;

/// Runs the tests that the filter leaves.
pub(super) fn run(boot: &Boot<'_>, filter: &str, tally: &mut Tally) -> Result<()> {
    tally.heading("in-kernel tests");
    let mut tests = TestRun::default();
    let wanted = format!("all {filter}");
    let ended = boot.test("test-kernel", wanted.trim_end(), limits(TOTAL_S, SILENCE_S), |line| {
        tests.feed(line).iter().for_each(|case| tally.case(&case.name, case.failure.as_deref()));
    })?;
    for case in tests.finish(&ended.reason()) {
        let failure = case.failure.map(|reason| format!("{reason}\nlog: {}", ended.log.display()));
        tally.case(&case.name, failure.as_deref());
    }
    Ok(())
}
