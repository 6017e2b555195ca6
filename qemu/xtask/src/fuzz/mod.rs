//! `cargo xtask fuzz`: makes up input for what reads a stranger's bytes, until time is up or something breaks.
//!
//! ```text
//!  qemu/fuzz/src/TARGET.rs ─ build ─> program ─ run ─> nothing found, or an input that breaks it
//!            corpus/TARGET ──────────────┘  ^              target/spindle/fuzz/found/TARGET/
//!                                           └── target/spindle/fuzz/corpus/TARGET: what earlier runs learnt
//! ```
//! *Not here.* What is checked (`qemu/fuzz`), and the corpus without a fuzzer: the tests of that crate.

mod build;
mod session;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::failure::{Failure, Result};
use crate::folders::Folders;
use session::Session;

/// What can be fuzzed: the modules of `qemu/fuzz`.
const TARGETS: [&str; 4] = ["package", "plan", "control", "wasm_import"];

/// Options of `cargo xtask fuzz`.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    /// What to fuzz; all if not given.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(TARGETS))]
    target: Option<String>,
    /// How long, for each target.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// Give the target this one input instead: repeats what was found.
    #[arg(long, value_name = "FILE", requires = "target")]
    input: Option<PathBuf>,
}

/// Fuzzes what was asked for.
///
/// # Errors
/// If the fuzzer cannot be built, or something was found: where it is, and how to repeat it.
pub(crate) fn run(options: &Options, folders: &Folders) -> Result<ExitCode> {
    let programs = build::build(folders)?;
    let chosen = TARGETS.iter().filter(|&target| options.target.as_deref().is_none_or(|one| one == *target));
    let mut found = 0;
    for target in chosen {
        let session = Session::new(folders, target, &programs);
        let failure = match &options.input {
            Some(input) => session.repeat(input)?,
            None => session.fuzz(options.seconds)?,
        };
        if let Some(failure) = failure {
            eprintln!("{failure}");
            found += 1;
        }
    }
    if found > 0 {
        return Err(Failure::new(format_args!("targets that broke: {found}"))
            .because("an input breaks what must hold of any; each is named above"));
    }
    Ok(ExitCode::SUCCESS)
}
