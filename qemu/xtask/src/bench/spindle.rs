//! Spindle's own benchmarks: one boot, one command.

use crate::bench::results::Results;
use crate::boot::{Boot, Scripted, limits};
use crate::failure::{Failure, Result};

const TOTAL_S: u64 = 1_800;
const SILENCE_S: u64 = 600;

/// Adds what the kernel measures, of the benchmarks whose id begins with `filter`.
pub(super) fn measure(boot: &Boot<'_>, filter: &str, results: &mut Results) -> Result<()> {
    let command = format!("bench --json {}{filter}", if boot.counts_instructions { "--icount " } else { "" });
    let scripted = boot.script("bench", &[command.trim_end()], limits(TOTAL_S, SILENCE_S), |line| {
        results.feed("", line);
    })?;
    results.check()?;
    if scripted.succeeded() { Ok(()) } else { Err(failure(&scripted)) }
}

/// What the kernel says of it, if it says anything: a wrong filter is answered with the ids that there are.
fn failure(scripted: &Scripted) -> Failure {
    let output = scripted.script.commands().iter().flat_map(|command| &command.output);
    let answer = output.filter_map(|line| line.strip_prefix("error: ")).next_back();
    match answer {
        Some(answer) => Failure::new("the kernel did not measure").because(answer),
        None => {
            eprint!("{}", scripted.ended.serial());
            scripted.failure("the measurement failed")
        }
    }
}
