//! The compiler, with the flags that a certified extension is compiled with.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::Message;

use super::build::Variant;
use super::certify::Certified;
use crate::failure::{Failure, Result};
use crate::folders::{self, Folders};
use crate::toolchain::Tools;

/// The bare machine that extensions run on.
pub(crate) const TARGET: &str = "x86_64-unknown-none";
/// Everything lies in the top 2 GiB: calls to the kernel are direct.
const CODE_FLAGS: &str = "-Crelocation-model=static\u{1f}-Ccode-model=kernel";
/// Neither may be undone by an attribute: `forbid` is final, and `RUSTC_BOOTSTRAP` alone would allow every feature.
pub(crate) const FINAL_FLAGS: [&str; 2] = ["-Funsafe_code", "-Zallow-features="];

/// What the compiler made, and from what.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// A static library.
    pub(crate) archive: PathBuf,
    /// Every source file that went into it, but those of the registry and the compiler.
    pub(crate) files_read: Vec<PathBuf>,
}

/// Compiles the final crate.
///
/// # Errors
/// What the compiler refuses; it has said so itself.
pub(crate) fn compile(
    folders: &Folders,
    tools: &Tools,
    variant: &Variant,
    certified: &Certified,
) -> Result<Compiled> {
    let mut child = command(folders, tools, variant, certified)
        .spawn()
        .map_err(|error| Failure::new("cargo cannot be run").because(error))?;
    let output = std::io::BufReader::new(child.stdout.take().expect("its standard output is a pipe"));
    let archive =
        Message::parse_stream(output).flatten().filter_map(|message| archive(message, certified)).last();
    let status = child.wait().map_err(|error| Failure::new("cargo cannot be waited for").because(error))?;
    let refused = || {
        Failure::new(format_args!("{} does not compile", variant.name))
            .because("the compiler's own messages are above")
    };
    let archive = archive.filter(|_| status.success()).ok_or_else(refused)?;
    let files_read = files_read(&archive.with_extension("d"))?;
    Ok(Compiled { archive, files_read })
}

fn command(folders: &Folders, tools: &Tools, variant: &Variant, certified: &Certified) -> Command {
    let mut command = Command::new(&tools.compiler.cargo);
    command.current_dir(folders.root()).args(["rustc", "--quiet", "--lib", "--crate-type", "staticlib"]);
    command.args(["--package", &certified.package, "--profile", "extension", "--target", TARGET]);
    command.args(["-Zbuild-std=core,alloc,compiler_builtins", "-Zbuild-std-features=compiler-builtins-mem"]);
    command.arg("--message-format=json-render-diagnostics");
    if !variant.features.is_empty() {
        command.args(["--features", &variant.features.join(",")]);
    }
    command.arg("--").args(FINAL_FLAGS);
    environment(&mut command, folders, tools);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// The environment decides nothing about a certified build: what could is set or removed.
fn environment(command: &mut Command, folders: &Folders, tools: &Tools) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(tools.linker_folder.clone()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(path).expect("the parts were split from a path"));
    command.env("RUSTC", &tools.compiler.rustc).env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_TARGET_DIR", folders.built()).env("CARGO_ENCODED_RUSTFLAGS", CODE_FLAGS);
    for name in
        ["RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "LD_LIBRARY_PATH", "CARGO_BUILD_TARGET"]
    {
        command.env_remove(name);
    }
    let of_profiles = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in
        of_profiles.filter(|name| name.starts_with("CARGO_PROFILE_") || name.starts_with("CARGO_TARGET_X86"))
    {
        command.env_remove(name);
    }
}

fn archive(message: Message, certified: &Certified) -> Option<PathBuf> {
    let Message::CompilerArtifact(artifact) = message else { return None };
    let ours = artifact.manifest_path.parent().is_some_and(|folder| folder.as_std_path() == certified.folder);
    let files = artifact.filenames.into_iter().filter(|file| file.extension() == Some("a"));
    files.map(cargo_metadata::camino::Utf8PathBuf::into_std_path_buf).next().filter(|_| ours)
}

/// Reads cargo's list of the files that the library was made from: `OUTPUT: FILE FILE ...`, blanks escaped.
fn files_read(list: &Path) -> Result<Vec<PathBuf>> {
    let text = folders::read(list)?;
    let text = String::from_utf8_lossy(&text);
    let files = text.split_once(": ").map_or("", |(_, files)| files);
    Ok(split_escaped(files.trim_end()).map(PathBuf::from).collect())
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
