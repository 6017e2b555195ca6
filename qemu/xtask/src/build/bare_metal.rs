//! cargo for the bare machine: the chosen compiler, in an environment of its own.
//!
//! *Invariants*: INV-BUILD-1: `RUSTC_BOOTSTRAP` is set for these builds and nowhere else; our crates use stable
//! features only, it is `-Zbuild-std` that asks for it. INV-BUILD-2: what the host's cargo or rustup put into the
//! environment of xtask does not reach these builds.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::failure::{Failure, Result};
use crate::toolchain::Tools;

/// What cargo and rustup leave in the environment of a program that they run, and what would change the flags.
const NOT_INHERITED: &[&str] = &[
    "CARGO",
    "CARGO_BUILD_TARGET",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "LD_LIBRARY_PATH",
    "OUT_DIR",
    "RUSTC",
    "RUSTFLAGS",
    "RUSTUP_TOOLCHAIN",
];

/// cargo with everything set but its arguments; it builds into `target`.
pub(crate) fn cargo(tools: &Tools, target: &Path) -> Command {
    let mut command = Command::new(&tools.compiler.cargo);
    for name in NOT_INHERITED {
        command.env_remove(name);
    }
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_this_crate(name)) {
        command.env_remove(name);
    }
    // cargo lets the compiler that it questions read what xtask reads: a terminal, a script, anything.
    command.stdin(Stdio::null());
    command.env("CARGO", &tools.compiler.cargo).env("RUSTC", &tools.compiler.rustc);
    command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", target).env("PATH", path(tools));
    command
}

/// Runs a build to its end; cargo's own output is the progress and the complaint.
pub(crate) fn finish(command: &mut Command, what: &str) -> Result<()> {
    let failure = || Failure::new(format_args!("{what} could not be built"));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => {
            Err(failure().because(format_args!("cargo ended with {status}; its messages are above")))
        }
        Err(error) => {
            let program = command.get_program().to_string_lossy().into_owned();
            Err(failure().because(format_args!("{program} does not start: {error}")))
        }
    }
}

fn is_of_this_crate(name: &OsString) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_BIN_"))
}

fn path(tools: &Tools) -> OsString {
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let folders = [tools.linker_folder.clone()].into_iter().chain(std::env::split_paths(&inherited));
    std::env::join_paths(folders).unwrap_or(inherited)
}
