//! The kernel for the bare machine.

use std::path::PathBuf;

use super::bare_metal;
use crate::failure::Result;
use crate::folders::Folders;
use crate::toolchain::Tools;

const TARGET: &str = "x86_64-unknown-none";

/// Flags of the whole kernel, the standard library included.
const FLAGS: &[&str] = &[
    "-Zunstable-options",
    // Backtraces walk frame pointers; leaf procedures, which need none for that, stay bare.
    "-Cforce-frame-pointers=non-leaf",
    // What another crate defines is reached directly, not by way of the global offset table: the linker rewrites it.
    "-Zrelax-elf-relocations=yes",
    // The boot-time registries are found by the names of their sections alone.
    "-Clink-arg=-znostart-stop-gc",
];

/// What the kernel is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavor {
    /// Use.
    Plain,
    /// Tests: the in-kernel tests and the commands that crash it are inside.
    Test,
}

impl Flavor {
    /// The name of its folder.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Test => "test",
        }
    }
}

/// Builds the kernel; returns the ELF file, with symbols and without debug information, which only slows booting.
pub(crate) fn build(tools: &Tools, folders: &Folders, flavor: Flavor, key_hex: &str) -> Result<PathBuf> {
    let mut cargo = bare_metal::cargo(tools, folders.built());
    cargo.current_dir(folders.root());
    cargo.args(["build", "--package", "spindle-kernel", "--release", "--target", TARGET]);
    cargo.args(["-Zbuild-std=core,alloc,compiler_builtins", "-Zbuild-std-features=compiler-builtins-mem"]);
    if flavor == Flavor::Test {
        cargo.args(["--features", "ktest"]);
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"));
    // As one unit: it takes half a minute longer, and a raise into a Wasm handler a fifth fewer instructions.
    cargo.env("CARGO_PROFILE_RELEASE_LTO", "fat");
    cargo.env("CARGO_PROFILE_RELEASE_STRIP", "debuginfo").env("SPINDLE_PUBLIC_KEY_HEX", key_hex);
    bare_metal::finish(&mut cargo, "the kernel")?;
    Ok(folders.built().join(TARGET).join("release/spindle-kernel"))
}
