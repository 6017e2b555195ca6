//! Compiles files that must not compile, and compares the errors with the files' `//~` comments.

mod expectation;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use expectation::{Expectation, Found};

/// Checks every file in `folder`.
///
/// # Panics
/// With all differences, if there are any.
pub(crate) fn check(folder: &str) {
    let fixtures = fixtures(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    assert!(!fixtures.is_empty(), "{folder} has files");
    let package = write_package(&fixtures);
    let mut errors = compile(&package);
    let differences: Vec<_> = fixtures
        .iter()
        .flat_map(|(name, path)| {
            Expectation::read(path).compare(name, errors.remove(name).unwrap_or_default())
        })
        .collect();
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}

/// Name and path of each file.
fn fixtures(folder: &Path) -> BTreeMap<String, PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("its entries can be read").path());
    paths.map(|path| (path.file_stem().expect("a file").to_string_lossy().into_owned(), path)).collect()
}

/// A package outside the workspace with each file as a program of its own.
fn write_package(fixtures: &BTreeMap<String, PathBuf>) -> PathBuf {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("refused-by-types");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut manifest = String::from(
        "[package]\nname = \"refused\"\nedition = \"2024\"\n[workspace]\n[features]\nkernel = []\n",
    );
    for (name, path) in [("abi", "core-kernel/abi"), ("macros", "ext-sdk/macros"), ("sdk", "ext-sdk/sdk")] {
        manifest += &format!("[dependencies.spindle-{name}]\npath = {:?}\n", root.join(path));
    }
    for (name, path) in fixtures {
        manifest += &format!("[[bin]]\nname = {name:?}\npath = {path:?}\n");
    }
    fs::create_dir_all(&package).expect("the folder for temporary files can be written");
    fs::write(package.join("Cargo.toml"), manifest).expect("so can a file in it");
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).expect("the workspace has a lock file");
    package
}

/// The errors of each program.
fn compile(package: &Path) -> BTreeMap<String, Vec<Found>> {
    let output = Command::new(env!("CARGO"))
        .args(["check", "--bins", "--keep-going", "--offline", "--quiet", "--message-format=json"])
        .current_dir(package)
        .env("CARGO_TARGET_DIR", package.join("target"))
        .output()
        .expect("cargo runs");
    assert!(!output.stdout.is_empty(), "cargo compiled nothing: {}", String::from_utf8_lossy(&output.stderr));
    let mut errors = BTreeMap::<_, Vec<_>>::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message = serde_json::from_str(line).expect("cargo writes one JSON object per line");
        if let Some((program, found)) = Found::read(&message) {
            errors.entry(program).or_default().push(found);
        }
    }
    errors
}
