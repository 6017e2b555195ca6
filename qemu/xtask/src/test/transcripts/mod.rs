//! Transcripts: the sessions that README and docs show, replayed.
//!
//! *Interface*: a fenced block marked `console` with lines `spindle> COMMAND` is a session of its own; one boot runs its
//! commands and what each prints must be what the block shows. `...` stands for anything, alone on a line for any lines.

mod compare;
mod read;

use std::path::{Path, PathBuf};

use super::tally::Tally;
use crate::boot::{Boot, Scripted, limits};
use crate::failure::Result;
use crate::folders::{self, Folders};
use read::Transcript;

const TOTAL_S: u64 = 600;
const SILENCE_S: u64 = 300;

/// Replays every session that the filter leaves.
pub(super) fn run<'a>(
    folders: &Folders,
    filter: &str,
    tally: &mut Tally,
    boot: impl FnOnce() -> Result<Boot<'a>>,
) -> Result<()> {
    tally.heading("transcripts");
    let mut transcripts = Vec::new();
    for page in pages(folders.root()) {
        let text = String::from_utf8_lossy(&folders::read(&page)?).into_owned();
        let name = page.strip_prefix(folders.root()).unwrap_or(&page).display().to_string();
        transcripts.extend(read::transcripts(&name, &text));
    }
    transcripts.retain(|transcript| transcript.name.contains(filter));
    if transcripts.is_empty() {
        return Ok(());
    }
    let boot = boot()?;
    for transcript in &transcripts {
        replay(&boot, transcript, tally)?;
    }
    Ok(())
}

/// The README and every page under docs, in order.
fn pages(root: &Path) -> Vec<PathBuf> {
    let mut pages = vec![root.join("README.md")];
    let mut folders = vec![root.join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    pages.retain(|page| page.is_file());
    pages.sort();
    pages
}

fn replay(boot: &Boot<'_>, transcript: &Transcript, tally: &mut Tally) -> Result<()> {
    let commands: Vec<&str> = transcript.steps.iter().map(|step| step.command.as_str()).collect();
    let log = transcript.name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    let scripted = boot.script(&format!("test-{log}"), &commands, limits(TOTAL_S, SILENCE_S), |_| ())?;
    tally.case(&transcript.name, verdict(transcript, &scripted).as_deref());
    Ok(())
}

/// The first difference. A command may fail where the page shows that it does, so statuses do not count here.
fn verdict(transcript: &Transcript, scripted: &Scripted) -> Option<String> {
    for (step, report) in transcript.steps.iter().zip(scripted.script.commands()) {
        if report.succeeded.is_none() && !step.ends_machine() {
            return Some(format!(
                "`{}` never ended: {}\nlog: {}",
                step.command,
                scripted.reason(),
                scripted.ended.log.display()
            ));
        }
        if let Err(difference) = compare::compare(&step.expected, &report.output) {
            return Some(format!("`{}` (line {}): {difference}", step.command, step.line));
        }
    }
    None
}
