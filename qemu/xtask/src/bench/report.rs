//! The report of a measurement: where it was made, and the figures, as JSON.

use std::fs::OpenOptions;
use std::path::Path;
use std::process::Command;

use serde::Serialize;

use super::linux::Linux;
use super::results::{Measurement, Results};
use crate::boot::Boot;
use crate::failure::{Failure, Result};
use crate::folders;

/// What is kept.
#[derive(Debug, Serialize)]
struct Report<'a> {
    /// What runs the instructions: an accelerator, or the host's processor itself.
    accel: &'static str,
    machine: Machine<'a>,
    counts_instructions: bool,
    results: &'a [Measurement],
}

/// Where it was measured.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Machine<'a> {
    Emulated(Emulated<'a>),
    Host { processor: String, processors: usize },
}

/// A machine within this one.
#[derive(Debug, Serialize)]
struct Emulated<'a> {
    processor: String,
    emulator: String,
    memory: &'a str,
    processors: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    linux: Option<&'a str>,
}

impl<'a> Emulated<'a> {
    fn of(boot: &'a Boot<'_>, linux: Option<&'a Linux>) -> Self {
        Self {
            processor: processor(),
            emulator: emulator(boot),
            memory: &boot.memory,
            processors: boot.processors,
            linux: linux.map(Linux::name),
        }
    }
}

/// Writes the figures of a kernel to `file`.
pub(super) fn keep(boot: &Boot<'_>, linux: Option<&Linux>, results: &Results, file: &Path) -> Result<()> {
    let report = Report {
        accel: boot.accelerator().name(),
        machine: Machine::Emulated(Emulated::of(boot, linux)),
        counts_instructions: boot.counts_instructions,
        results: results.all(),
    };
    write(&report, file)
}

/// Writes the figures of the host's processor to `file`.
pub(super) fn keep_host(results: &Results, file: &Path) -> Result<()> {
    let machine = Machine::Host { processor: processor(), processors: processors() };
    write(&Report { accel: "host", machine, counts_instructions: false, results: results.all() }, file)
}

fn write(report: &Report<'_>, file: &Path) -> Result<()> {
    let text = serde_json::to_string_pretty(report)
        .map_err(|error| Failure::new("the figures cannot be written as JSON").because(error))?;
    folders::write(file, format!("{text}\n").as_bytes())
}

/// The command and the same circumstances in words.
pub(super) fn circumstances(boot: &Boot<'_>, linux: &Linux, boots: u32) -> String {
    let Emulated { processor, emulator, memory, processors, .. } = Emulated::of(boot, Some(linux));
    let accelerator = boot.accelerator().name().to_uppercase();
    let icount = if boot.counts_instructions { " --icount" } else { "" };
    let boots = option(boots);
    format!(
        "`cargo xtask bench --linux{icount}{boots} --doc`: accelerator {accelerator}, {emulator}, {processors} CPU, \
         {memory}, on {processor}; Linux is {}",
        linux.name()
    )
}

/// The same of the host's processor.
pub(super) fn circumstances_of_host(runs: u32) -> String {
    let (runs, processor, processors) = (option(runs), processor(), processors());
    format!("`cargo xtask bench --host{runs} --doc`: {processors} processors, {processor}")
}

fn option(boots: u32) -> String {
    if boots == 1 { String::new() } else { format!(" --boots {boots}") }
}

/// Fails if `file` cannot be written, which is better known before a long measurement. Leaves it as it is.
pub(super) fn is_writable(file: &Path) -> Result<()> {
    let existed = file.exists();
    let opened = OpenOptions::new().append(true).create(true).open(file);
    opened.map_err(|error| {
        let failure = Failure::new(format_args!("the file {} cannot be written", file.display()));
        failure.because(format_args!("{error}; nothing was measured"))
    })?;
    if !existed {
        // An empty file left behind would be no harm either.
        let _ = std::fs::remove_file(file);
    }
    Ok(())
}

fn processor() -> String {
    model(&std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default())
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn model(cpuinfo: &str) -> String {
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    model.map_or("unknown", |(_, name)| name).to_owned()
}

fn emulator(boot: &Boot<'_>) -> String {
    let printed = Command::new(&boot.tools.qemu).arg("--version").output();
    let printed =
        printed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    printed.lines().next().unwrap_or("unknown").to_owned()
}

#[cfg(test)]
mod tests {
    use super::{is_writable, model};

    #[test]
    fn the_processor_is_named() {
        assert_eq!(model("vendor_id\t: X\nmodel name\t: Fast One\n"), "Fast One");
        assert_eq!(model(""), "unknown");
    }

    #[test]
    fn a_file_is_tried_without_being_touched() {
        let scratch = tempfile::tempdir().unwrap();
        let (absent, present) = (scratch.path().join("new.json"), scratch.path().join("old.json"));
        std::fs::write(&present, "figures").unwrap();
        is_writable(&absent).unwrap();
        is_writable(&present).unwrap();
        assert!(!absent.exists());
        assert_eq!(std::fs::read(&present).unwrap(), b"figures");
        let failure = is_writable(&scratch.path().join("no/such/folder.json")).unwrap_err().to_string();
        assert!(failure.contains("folder.json") && failure.contains("nothing was measured"), "{failure}");
    }
}
