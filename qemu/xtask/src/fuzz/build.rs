//! The fuzzer's programs: `qemu/fuzz/fuzzer`, compiled so that libFuzzer sees which branches an input takes.
//!
//! The stable compiler has what that needs, and libFuzzer comes as source; a C++ compiler is all that must be there.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::failure::{Failure, Result};
use crate::folders::Folders;

/// What cargo-fuzz gives, less the address sanitizer, which only nightly compilers have.
const FLAGS: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "--cfg",
    "fuzzing",
];

/// Builds all programs; gives their folder.
pub(super) fn build(folders: &Folders) -> Result<PathBuf> {
    has_cpp()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let (target, triple) = (folders.built().join("fuzz/build"), host()?);
    let mut command = Command::new(cargo);
    command.current_dir(folders.root().join("qemu/fuzz/fuzzer"));
    // Naming the machine keeps the flags away from what runs while building.
    command.args(["build", "--release", "--locked", "--target", &triple]);
    command.env("CARGO_TARGET_DIR", &target).env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"));
    command.env_remove("RUSTFLAGS").stdin(Stdio::null());
    match command.status() {
        Ok(status) if status.success() => Ok(target.join(triple).join("release")),
        Ok(status) => Err(Failure::new("the fuzzer could not be built")
            .because(format_args!("cargo ended with {status}; its messages are above"))),
        Err(error) => Err(Failure::new("cargo cannot be run").because(error)),
    }
}

fn has_cpp() -> Result<()> {
    let compiler = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
    let version = Command::new(compiler).arg("--version").stdin(Stdio::null()).output();
    if version.is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    Err(Failure::new("there is no C++ compiler")
        .because("libFuzzer is built from its source")
        .next("apt-get install g++"))
}

/// The compiler's name for this machine.
fn host() -> Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc).arg("-vV").stdin(Stdio::null()).output();
    let said = said.map_err(|error| Failure::new("rustc cannot be run").because(error))?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure::new("rustc does not say which machine this is"))
}
