//! `cargo xtask ctl`: one command of the console, in the kernel that runs in another terminal.

use std::process::ExitCode;

use clap::Args;

use crate::control::{Reach, Talk};
use crate::failure::Result;
use crate::folders::Folders;

/// Options of `cargo xtask ctl`.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    reach: Reach,
    /// The command line, as at the prompt; everything after the first word of it belongs to it.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    words: Vec<String>,
}

/// Runs the command there; prints what it prints; succeeds if it does.
pub(crate) fn run(options: &Options, folders: &Folders) -> Result<ExitCode> {
    let succeeded = Talk::begin(folders, &options.reach)?.run(&options.words.join(" "))?;
    Ok(if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
