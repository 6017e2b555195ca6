//! Commands instead of a human: their output and nothing else, and a status that says whether each succeeded.

use std::process::ExitCode;

use spindle_runner::Outcome;

use crate::boot::{Boot, Scripted, limits};
use crate::failure::{Failure, Result};

/// A command may take minutes (measuring does); a silent one is looked upon as hanging.
const TOTAL_S: u64 = 1_800;
const SILENCE_S: u64 = 300;

/// Boots, runs `commands`, prints what they print.
pub(super) fn run(boot: &Boot<'_>, commands: &[String], is_verbose: bool) -> Result<ExitCode> {
    let commands: Vec<&str> =
        commands.iter().flat_map(|command| command.lines()).filter(|line| !line.trim().is_empty()).collect();
    let scripted = boot.script("run", &commands, limits(TOTAL_S, SILENCE_S), |line| {
        if !is_verbose {
            println!("{line}");
        }
    })?;
    if is_verbose || scripted.ended.outcome() == Outcome::Panicked {
        print!("{}", scripted.ended.serial());
    }
    if scripted.succeeded() { Ok(ExitCode::SUCCESS) } else { Err(failure(&scripted, &commands)) }
}

fn failure(scripted: &Scripted, commands: &[&str]) -> Failure {
    let reports = scripted.script.commands().iter().zip(commands);
    let failed: Vec<String> = reports
        .filter(|(report, _)| report.succeeded == Some(false))
        .map(|(_, command)| format!("`{command}`"))
        .collect();
    if failed.is_empty() || scripted.ended.outcome() != Outcome::Failed {
        return scripted.failure("the commands did not all run to their end");
    }
    Failure::new(format_args!("failed in the kernel: {}", failed.join(", "))).because("its answer is above")
}
