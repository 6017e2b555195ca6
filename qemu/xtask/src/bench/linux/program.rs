//! The program that measures Linux, built to run alone: static, for a machine without a library.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::folders::Folders;

const PACKAGE: &str = "spindle-bench-linux";
/// Named, so that flags reach the program alone and not what runs while it is built.
const TARGET: &str = "x86_64-unknown-linux-gnu";
const FLAGS: &[&str] = &["-Ctarget-feature=+crt-static", "-Crelocation-model=static", "-Cstrip=symbols"];

/// Builds it with the cargo that runs xtask, below `folder`; returns the file.
pub(super) fn build(folders: &Folders, folder: &Path) -> Result<PathBuf> {
    let failure = || Failure::new("the program that measures Linux could not be built");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folders.root()).env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"));
    cargo.args(["build", "--package", PACKAGE, "--release", "--target", TARGET, "--target-dir"]).arg(folder);
    match cargo.status() {
        Ok(status) if status.success() => Ok(folder.join(TARGET).join("release").join(PACKAGE)),
        Ok(status) => Err(failure()
            .because(format_args!("cargo ended with {status}; its messages are above"))
            .next("install the static C library, if that is what the linker misses (Debian: libc6-dev)")),
        Err(error) => Err(failure().because(error)),
    }
}
