//! `cargo xtask check`: what every change must keep, without running anything of Spindle.

mod layering;
mod manifests;
mod sources;
mod unsafe_code;
mod workspace;

use std::fmt::Display;
use std::process::{Command, ExitCode};

use crate::failure::{Failure, Result};
use crate::folders::Folders;
use workspace::Workspace;

/// Runs every check, shows every complaint, succeeds if there is none.
pub(crate) fn run(folders: &Folders) -> Result<ExitCode> {
    let workspace = Workspace::read(folders)?;
    let mut complaints = 0;
    complaints += report("layering: arrows point one way", &layering::complaints(&workspace));
    complaints +=
        report("manifests: every member takes the workspace's lints", &manifests::complaints(&workspace)?);
    complaints += report("sources: every file says what it is", &sources::complaints(folders.root())?);
    complaints +=
        report("unsafe code: within each tier", &unsafe_code::complaints(&workspace, folders.root())?);
    complaints += report(
        "rustfmt",
        &cargo(folders, &["fmt", "--all", "--", "--check", "--files-with-diff"], "cargo fmt --all")?,
    );
    let clippy = ["clippy", "--workspace", "--all-targets", "--keep-going", "--", "--deny", "warnings"];
    complaints += report("clippy", &cargo(folders, &clippy, "mend what clippy says above")?);
    println!();
    if complaints == 0 {
        println!("check: everything holds");
        return Ok(ExitCode::SUCCESS);
    }
    println!("check: {complaints} complaints");
    Ok(ExitCode::FAILURE)
}

/// Shows the result of one check; returns the number of complaints.
fn report(what: &str, complaints: &[impl Display]) -> usize {
    println!("{}  {what}", if complaints.is_empty() { "ok    " } else { "FAILED" });
    complaints.iter().for_each(|complaint| println!("        {complaint}"));
    complaints.len()
}

/// Runs a subcommand of the cargo that runs xtask; its own output is the complaint, `advice` is what to do.
fn cargo(folders: &Folders, arguments: &[&str], advice: &str) -> Result<Vec<String>> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    if !Command::new(&program)
        .args([arguments[0], "--version"])
        .output()
        .is_ok_and(|output| output.status.success())
    {
        return Err(Failure::new(format_args!("cargo {} is not installed", arguments[0]))
            .because("the check needs rustfmt and clippy of the toolchain that runs xtask")
            .next("rustup component add rustfmt clippy"));
    }
    let status = Command::new(&program).current_dir(folders.root()).args(arguments).status();
    let status = status.map_err(|error| Failure::new("cargo cannot be run").because(error))?;
    Ok(if status.success() { Vec::new() } else { vec![format!("next: {advice}")] })
}
