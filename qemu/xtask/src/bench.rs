//! `cargo xtask bench`: measures inside the kernel, prints a table, keeps the figures as JSON.
//!
//! *Concepts*: figures are compared within one file only: it names the accelerator, the processor and the emulator.
//!
//! *Not here*: what is timed and how (`benches/`).

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::boot::{Boot, limits};
use crate::build::{self, Flavor};
use crate::failure::{Failure, Result};
use crate::folders::{self, Folders};
use crate::toolchain;

const TOTAL_S: u64 = 1_800;
const SILENCE_S: u64 = 600;

/// Options of `cargo xtask bench`.
#[derive(Args)]
pub(crate) struct Options {
    /// Only benchmarks whose id begins with this.
    #[arg(default_value = "")]
    filter: String,
    /// Write the figures to this file too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Count instructions instead of time: repeatable on any machine.
    #[arg(long)]
    icount: bool,
}

/// One measurement, as the kernel prints it. Under `--icount` the unit is instructions.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Measurement {
    id: String,
    #[serde(default)]
    name: String,
    unit: String,
    samples: u64,
    min: f64,
    median: f64,
    p99: f64,
}

/// What is kept.
#[derive(Debug, Serialize)]
struct Report {
    accel: &'static str,
    machine: Machine,
    counts_instructions: bool,
    results: Vec<Measurement>,
}

/// Where it was measured.
#[derive(Debug, Serialize)]
struct Machine {
    processor: String,
    emulator: String,
    memory: String,
    processors: u32,
}

/// Boots, measures, prints, keeps.
pub(crate) fn run(options: &Options, folders: &Folders) -> Result<ExitCode> {
    let tools = toolchain::tools(folders)?;
    let image = build::image(&tools, folders, Flavor::Plain)?;
    let boot = Boot { counts_instructions: options.icount, ..Boot::new(&tools, folders, image) };
    let results = measure(&boot, options)?;
    print(&boot, &results);
    if let Some(file) = &options.json {
        keep(&boot, results, file)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(boot: &Boot<'_>, options: &Options) -> Result<Vec<Measurement>> {
    let command = format!("bench --json {}{}", if options.icount { "--icount " } else { "" }, options.filter);
    let mut results = Vec::new();
    let mut ill_formed = None;
    let scripted = boot.script("bench", &[command.trim_end()], limits(TOTAL_S, SILENCE_S), |line| {
        let Some(object) = json_object(line) else { return };
        match serde_json::from_str::<Measurement>(object) {
            Ok(result) => {
                eprintln!("measured {}", result.id);
                results.push(result);
            }
            Err(error) => ill_formed = Some(format!("{error} in `{line}`")),
        }
    })?;
    if let Some(why) = ill_formed {
        return Err(Failure::new("a result of the kernel cannot be read").because(why));
    }
    if !scripted.succeeded() {
        eprint!("{}", scripted.ended.serial());
        return Err(scripted.failure("the measurement failed"));
    }
    if results.is_empty() {
        let failure =
            Failure::new(format_args!("no benchmark has an id that begins with `{}`", options.filter));
        return Err(failure.next("cargo xtask bench"));
    }
    Ok(results)
}

/// The object in a line of a listing: lines may stand alone, or in an array (then with a comma).
fn json_object(line: &str) -> Option<&str> {
    let line = line.trim().trim_end_matches([',', ']']).trim_start_matches('[');
    (line.starts_with('{') && line.ends_with('}')).then_some(line)
}

fn print(boot: &Boot<'_>, results: &[Measurement]) {
    println!(
        "{:<24} {:>9} {:>14} {:>14} {:>14}  unit ({})",
        "id",
        "samples",
        "min",
        "median",
        "p99",
        boot.accelerator()
    );
    for Measurement { id, unit, samples, min, median, p99, .. } in results {
        println!("{id:<24} {samples:>9} {min:>14.2} {median:>14.2} {p99:>14.2}  {unit}");
    }
}

fn keep(boot: &Boot<'_>, results: Vec<Measurement>, file: &std::path::Path) -> Result<()> {
    let report = Report {
        accel: boot.accelerator().name(),
        machine: Machine {
            processor: processor(&std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default()),
            emulator: emulator(boot),
            memory: boot.memory.clone(),
            processors: boot.processors,
        },
        counts_instructions: boot.counts_instructions,
        results,
    };
    let text = serde_json::to_string_pretty(&report)
        .map_err(|error| Failure::new("the figures cannot be written as JSON").because(error))?;
    folders::write(file, format!("{text}\n").as_bytes())
}

fn processor(cpuinfo: &str) -> String {
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
    use super::{Measurement, json_object, processor};

    #[test]
    fn a_result_of_the_kernel_is_read() {
        let line = r#"{"id":"P4/native","name":"raise to a native handler","unit":"ns","samples":10000,"min":1.500,"median":2.000,"p99":9.125}"#;
        let result: Measurement = serde_json::from_str(json_object(line).unwrap()).unwrap();
        assert_eq!((result.id.as_str(), result.samples, result.p99), ("P4/native", 10_000, 9.125));
    }

    #[test]
    fn objects_of_an_array_are_found_and_text_is_not() {
        assert_eq!(json_object("[{\"a\":1},"), Some("{\"a\":1}"));
        assert_eq!(json_object("{\"a\":1}]"), Some("{\"a\":1}"));
        assert_eq!(json_object("[]"), None);
        assert_eq!(json_object("[info] {"), None);
    }

    #[test]
    fn the_processor_is_named() {
        assert_eq!(processor("vendor_id\t: X\nmodel name\t: Fast One\n"), "Fast One");
        assert_eq!(processor(""), "unknown");
    }
}
