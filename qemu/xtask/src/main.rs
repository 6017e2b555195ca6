//! Builds, runs, tests, checks and measures Spindle: `cargo xtask --help`.
//!
//! *Interface*: one module per command (`run`, `ctl`, `test`, `check`, `bench`, `ext` and its `push`), each with its options and a `run`
//! that returns the status of the process. Below them: `build` (what is booted), `boot` (booting it),
//! `control` (speaking to it), `toolchain` (the
//! programs for both), `folders` (where things are), `failure` (how to say that something went wrong).
#![forbid(unsafe_code)]

mod bench;
mod boot;
mod build;
mod check;
mod control;
mod ctl;
mod ext;
mod failure;
mod folders;
mod fuzz;
mod interrupts;
mod progress;
mod push;
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
    /// Run a command of the console in the kernel that runs in another terminal.
    Ctl(ctl::Options),
    /// Work on extensions: make, test, certify, build, sign and push them.
    #[command(subcommand)]
    Ext(ext::Command),
    /// Make up input for what reads a stranger's bytes, and see whether it breaks.
    Fuzz(fuzz::Options),
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
        Task::Ctl(options) => ctl::run(&options, &folders),
        Task::Bench(options) => bench::run(&options, &folders),
        Task::Ext(command) => ext::run(command, &folders, || toolchain::tools(&folders)),
        Task::Fuzz(options) => fuzz::run(&options, &folders),
        Task::Image => image(&folders),
    }
}

fn image(folders: &Folders) -> Result<ExitCode> {
    let tools = toolchain::tools(folders)?;
    println!("{}", build::image(&tools, folders, build::Flavor::Plain)?.display());
    Ok(ExitCode::SUCCESS)
}
