//! `cargo xtask run`: boots to the prompt, or runs commands and leaves.

mod interactive;
mod script;

use std::process::ExitCode;

use clap::Args;

use crate::boot::{Boot, DEFAULT_MEMORY};
use crate::build::{self, Flavor};
use crate::failure::Result;
use crate::folders::Folders;
use crate::toolchain;

/// Options of `cargo xtask run`.
#[derive(Args)]
pub(crate) struct Options {
    /// Run this command and leave; may be given several times. Succeeds if each of them does.
    #[arg(short = 'c', value_name = "COMMAND")]
    commands: Vec<String>,
    /// Memory of the machine, 64M to 4G.
    #[arg(long, default_value = DEFAULT_MEMORY, value_parser = memory)]
    memory: String,
    /// Number of processors. The kernel runs on the first of them.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    smp: u32,
    /// Show the kernel's debug log, and with -c everything that the machine says.
    #[arg(long)]
    verbose: bool,
}

/// Builds what changed, then boots it.
pub(crate) fn run(options: &Options, folders: &Folders) -> Result<ExitCode> {
    let tools = toolchain::tools(folders)?;
    let image = build::image(&tools, folders, Flavor::Plain)?;
    let log_level = options.verbose.then(|| "debug".to_owned());
    let (memory, processors) = (options.memory.clone(), options.smp);
    let boot = Boot { memory, processors, log_level, ..Boot::new(&tools, folders, image) };
    if options.commands.is_empty() {
        interactive::run(&boot)
    } else {
        script::run(&boot, &options.commands, options.verbose)
    }
}

/// The least and the most memory that the kernel is tested with, in mebibytes.
const MEMORY_MIB: std::ops::RangeInclusive<u32> = 64..=4096;

/// Accepts what QEMU takes and the kernel boots with: a number of mebibytes or gibibytes.
fn memory(text: &str) -> std::result::Result<String, String> {
    let number = text.strip_suffix(['M', 'G']).unwrap_or(text).parse::<u32>();
    let mib = match (number, text.ends_with('G')) {
        (Ok(number), true) => number.checked_mul(1024),
        (Ok(number), false) => Some(number),
        (Err(_), _) => return Err("a size looks like 128M or 4G".to_owned()),
    };
    match mib.filter(|mib| MEMORY_MIB.contains(mib)) {
        Some(_) => Ok(text.to_owned()),
        None => Err("the kernel boots with 64M to 4G".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::memory;

    #[test]
    fn sizes_are_what_the_machine_takes() {
        assert!(["64M", "4G", "128"].iter().all(|text| memory(text).is_ok()));
        assert!(
            ["", "M", "0M", "32M", "5G", "64MB", "-1G", "lots", "64M,x=y"]
                .iter()
                .all(|text| memory(text).is_err())
        );
    }
}
