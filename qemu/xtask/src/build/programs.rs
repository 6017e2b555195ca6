//! User programs for ring 3: every file of `qemu/programs/src/bin` becomes an executable with fixed addresses.

use std::path::PathBuf;

use super::bare_metal;
use crate::failure::{Failure, Result};
use crate::folders::{self, Folders};
use crate::toolchain::Tools;

const TARGET: &str = "x86_64-unknown-none";

/// The target is meant for kernels: by itself it would place the program anywhere, or in the top 2 GiB.
const FLAGS: &[&str] = &["-Crelocation-model=static", "-Ccode-model=small"];

/// Builds all of them; returns the executables, each called `NAME.elf`.
pub(crate) fn build(tools: &Tools, folders: &Folders) -> Result<Vec<PathBuf>> {
    let target = folders.built().join("programs");
    let mut cargo = bare_metal::cargo(tools, &target);
    cargo.current_dir(folders.root());
    cargo.args(["build", "--package", "spindle-programs", "--bins", "--release", "--target", TARGET]);
    cargo.args(["-Zbuild-std=core,compiler_builtins", "-Zbuild-std-features=compiler-builtins-mem"]);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}")).env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
    bare_metal::finish(&mut cargo, "the user programs")?;
    let built = target.join(TARGET).join("release");
    let named = target.join("named");
    folders::create(&named)?;
    let copy = |name: String| {
        let path = named.join(format!("{name}.elf"));
        folders::write(&path, &folders::read(&built.join(name))?)?;
        Ok(path)
    };
    names(folders)?.into_iter().map(copy).collect()
}

/// The names of the programs: those of their sources.
fn names(folders: &Folders) -> Result<Vec<String>> {
    let folder = folders.root().join("qemu/programs/src/bin");
    let unreadable = |error: std::io::Error| {
        Failure::new(format_args!("the folder {} cannot be read", folder.display())).because(error)
    };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned));
        }
    }
    Ok(names)
}
