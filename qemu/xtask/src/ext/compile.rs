//! The compiler, with the flags of each kind of extension.
//!
//! *Invariants.* INV-COMPILE-1: neither the environment nor a compiler wrapper of the owner's decides anything about
//! these builds (the owner's cargo configuration: `certify/configuration.rs`).

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::Message;
use spindle_abi::package::Kind;

use super::build::Variant;
use super::certify::Described;
use crate::failure::{Failure, Result};
use crate::folders::{self, Folders};
use crate::toolchain::Tools;

/// How the final crate of one kind is compiled.
struct Way {
    target: &'static str,
    crate_type: &'static str,
    /// What the name of the result ends in.
    ending: &'static str,
    /// Flags of every crate, the core library included.
    code_flags: &'static [&'static str],
    /// What cargo is told of the core library.
    library_features: &'static [&'static str],
    /// Flags of the final crate.
    final_flags: &'static [&'static str],
}

/// For the bare machine: everything lies in the top 2 GiB, so calls to the kernel are direct.
const NATIVE: Way = Way {
    target: "x86_64-unknown-none",
    crate_type: "staticlib",
    ending: "a",
    code_flags: &["-Crelocation-model=static", "-Ccode-model=kernel"],
    library_features: &["-Zbuild-std-features=compiler-builtins-mem"],
    final_flags: &FINAL_FLAGS,
};
/// Neither may be undone by an attribute: `forbid` is final, and `RUSTC_BOOTSTRAP` alone would allow every feature.
pub(crate) const FINAL_FLAGS: [&str; 2] = ["-Funsafe_code", "-Zallow-features="];

/// For the engine: one module, whose table of procedures the kernel can reach.
const WASM: Way = Way {
    target: "wasm32-unknown-unknown",
    crate_type: "cdylib",
    ending: "wasm",
    code_flags: &[],
    library_features: &[],
    final_flags: &["-Clink-arg=--export-table", "-Clink-arg=-zstack-size=65536"],
};

const fn way(kind: Kind) -> &'static Way {
    match kind {
        Kind::Native => &NATIVE,
        Kind::Wasm => &WASM,
    }
}

/// Whether the core library has been compiled for this kind already.
pub(crate) fn has_library(folders: &Folders, kind: Kind) -> bool {
    folders.built().join(way(kind).target).join("extension/deps").is_dir()
}

/// Compiles the final crate; gives a static library of native code, or a Wasm module.
///
/// # Errors
/// What the compiler refuses; it has said so itself.
pub(crate) fn compile(
    folders: &Folders,
    tools: &Tools,
    variant: &Variant,
    described: &Described,
) -> Result<PathBuf> {
    let mut child = command(folders, tools, variant, described)
        .spawn()
        .map_err(|error| Failure::new("cargo cannot be run").because(error))?;
    let output = std::io::BufReader::new(child.stdout.take().expect("its standard output is a pipe"));
    let ending = way(variant.kind).ending;
    let messages = Message::parse_stream(output).flatten();
    let made = messages.filter_map(|message| artifact(message, described, ending)).last();
    let status = child.wait().map_err(|error| Failure::new("cargo cannot be waited for").because(error))?;
    let refused = || {
        Failure::new(format_args!("{} does not compile", variant.name))
            .because("the compiler's own messages are above")
    };
    made.filter(|_| status.success()).ok_or_else(refused)
}

/// Every source file that `made` was made from, but those of the registry and the compiler.
pub(crate) fn files_read(made: &Path) -> Result<Vec<PathBuf>> {
    let text = folders::read(&made.with_extension("d"))?;
    let text = String::from_utf8_lossy(&text);
    // Cargo's list is `OUTPUT: FILE FILE ...`, blanks escaped.
    let files = text.split_once(": ").map_or("", |(_, files)| files);
    Ok(split_escaped(files.trim_end()).map(PathBuf::from).collect())
}

fn command(folders: &Folders, tools: &Tools, variant: &Variant, described: &Described) -> Command {
    let way = way(variant.kind);
    let mut command = Command::new(&tools.compiler.cargo);
    command.current_dir(folders.root()).args(["rustc", "--quiet", "--lib", "--crate-type", way.crate_type]);
    command.args(["--package", &described.package, "--profile", "extension", "--target", way.target]);
    command.arg("-Zbuild-std=core,alloc,compiler_builtins").args(way.library_features);
    command.arg("--message-format=json-render-diagnostics");
    if !variant.features.is_empty() {
        command.args(["--features", &variant.features.join(",")]);
    }
    command.arg("--").args(way.final_flags);
    environment(&mut command, folders, tools);
    command.env("CARGO_ENCODED_RUSTFLAGS", way.code_flags.join("\u{1f}"));
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// Sets or removes what could decide something (INV-COMPILE-1).
fn environment(command: &mut Command, folders: &Folders, tools: &Tools) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(tools.linker_folder.clone()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(path).expect("the parts were split from a path"));
    command.env("RUSTC", &tools.compiler.rustc).env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_TARGET_DIR", folders.built());
    for name in ["RUSTFLAGS", "LD_LIBRARY_PATH", "CARGO_BUILD_TARGET"] {
        command.env_remove(name);
    }
    let inherited = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in
        inherited.filter(|name| name.starts_with("CARGO_PROFILE_") || name.starts_with("CARGO_TARGET_"))
    {
        if name != "CARGO_TARGET_DIR" {
            command.env_remove(name);
        }
    }
    // Empty, they also outdo the owner's configuration.
    for name in ["RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"] {
        command.env(name, "");
    }
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "rust-lld");
}

fn artifact(message: Message, described: &Described, ending: &str) -> Option<PathBuf> {
    let Message::CompilerArtifact(artifact) = message else { return None };
    let ours = artifact.manifest_path.parent().is_some_and(|folder| folder.as_std_path() == described.folder);
    let mut files = artifact.filenames.into_iter().filter(|file| file.extension() == Some(ending));
    files.next().filter(|_| ours).map(cargo_metadata::camino::Utf8PathBuf::into_std_path_buf)
}

fn split_escaped(files: &str) -> impl Iterator<Item = String> + '_ {
    let escaped = files.replace("\\ ", "\0");
    let files: Vec<String> = escaped.split_ascii_whitespace().map(|file| file.replace('\0', " ")).collect();
    files.into_iter()
}

#[cfg(test)]
mod tests {
    use super::split_escaped;

    #[test]
    fn names_with_blanks_stay_whole() {
        let files: Vec<String> = split_escaped("/a/b.rs /c\\ d/e.rs").collect();
        assert_eq!(files, ["/a/b.rs", "/c d/e.rs"]);
    }
}
