//! Installs packages of the distribution, saying so.

use std::process::{Command, Stdio};

use super::plan::{Package, install_command};
use crate::failure::{Failure, Result};

/// Says what is installed and why, then installs it.
///
/// # Errors
/// If apt fails (no network, or a release without these packages): with the commands to give instead.
pub(crate) fn install(packages: &[Package]) -> Result<()> {
    eprintln!("Spindle needs programs that are not installed yet; installing them with apt:");
    for package in packages {
        eprintln!("  {:<16} {}", package.name, package.reason);
    }
    // Fails on a machine whose lists are fresh enough all the same: the second command decides.
    let _ = apt(&["update"]);
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(packages.iter().map(|package| package.name.as_str()));
    if apt(&arguments) { Ok(()) } else { Err(not_installed(packages)) }
}

fn apt(arguments: &[&str]) -> bool {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").env_remove("LD_LIBRARY_PATH");
    command.stdin(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn not_installed(packages: &[Package]) -> Failure {
    let mut failure = Failure::new("apt could not install what is missing; nothing was built")
        .because("its own messages are above: without a network, or on a release that lacks these packages, it cannot")
        .next("apt-get update")
        .next(install_command(packages));
    if packages.iter().any(|package| package.name.starts_with("rust")) {
        failure = failure.next("rustup component add rust-src   (instead of the packages *-web)");
    }
    failure
}
