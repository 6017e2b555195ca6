//! Builds, runs, tests, checks and measures Spindle: `cargo xtask --help`.
//!
//! *Interface*: one module per command (`run`, `test`, `check`, `bench`, `ext`), each with its options and a `run`
//! that returns the status of the process. Below them: `build` (what is booted), `boot` (booting it), `toolchain` (the
//! programs for both), `folders` (where things are), `failure` (how to say that something went wrong).
#![forbid(unsafe_code)]

mod bench;
mod boot;
mod build;
mod check;
mod ext;
mod failure;
mod folders;
mod interrupts;
mod progress;
mod run;
mod test;
mod toolchain;

use std::process::ExitCode;

use clap::Parser;

use failure::Result;
use folders::Folders;

/// Builds, runs, tests, checks and measures Spindle.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
enum Task {
    /// Boot to the prompt, or run commands and leave (-c).
    Run(run::Options),
    /// Host tests, in-kernel tests, must-fault images, transcripts of the README.
    Test(test::Options),
    /// Formatting, lints, layering, file heads, unsafe code per crate.
    Check,
    /// Measure inside the kernel.
    Bench(bench::Options),
    /// Work on extensions: make, test, certify, build and sign them.
    #[command(subcommand)]
    Ext(ext::Command),
    /// Build the disk image and say where it is.
    Image,
}

fn main() -> ExitCode {
    let task = Task::parse();
    interrupts::end_children_with_us();
    perform(task).unwrap_or_else(|failure| {
        eprintln!("{failure}");
        ExitCode::FAILURE
    })
}

fn perform(task: Task) -> Result<ExitCode> {
    let folders = Folders::find()?;
    match task {
        Task::Run(options) => run::run(&options, &folders),
        Task::Test(options) => test::run(&options, &folders),
        Task::Check => check::run(&folders),
        Task::Bench(options) => bench::run(&options, &folders),
        Task::Ext(command) => {
            ext::run(command, &folders, || toolchain::tools(&folders)).map(|()| ExitCode::SUCCESS)
        }
        Task::Image => image(&folders),
    }
}

fn image(folders: &Folders) -> Result<ExitCode> {
    let tools = toolchain::tools(folders)?;
    println!("{}", build::image(&tools, folders, build::Flavor::Plain)?.display());
    Ok(ExitCode::SUCCESS)
}
