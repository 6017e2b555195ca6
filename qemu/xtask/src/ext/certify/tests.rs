//! Must-refuse tests: one fixture under `qemu/refuse/` for each way around certification that is known.
//!
//! A fixture that compiles would do what its first line says; none may pass. `accepted` must.

use std::path::PathBuf;

use super::Rule::{self, *};
use super::{Refusals, inspect};

fn root() -> PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn cargo() -> PathBuf {
    std::env::var_os("CARGO").unwrap().into()
}

/// File, line and rule of every refusal of a fixture.
fn refusals(name: &str) -> Vec<(String, usize, Rule)> {
    let fixture = root().join("qemu/refuse").join(name);
    let mut refusals = Refusals::new(&fixture);
    inspect(&root(), &cargo(), &fixture, &mut refusals).unwrap();
    let sorted = refusals.sorted().into_iter();
    sorted.map(|refusal| (refusal.file.display().to_string(), refusal.line, refusal.rule)).collect()
}

#[track_caller]
fn refuses(name: &str, expected: &[(&str, usize, Rule)]) {
    let expected: Vec<_> = expected.iter().map(|&(file, line, rule)| (file.to_owned(), line, rule)).collect();
    assert_eq!(refusals(name), expected);
}

const LIB: &str = "src/lib.rs";
const MANIFEST: &str = "Cargo.toml";

#[test]
fn what_only_looks_forbidden_is_accepted() {
    refuses("accepted", &[]);
}

#[test]
fn every_extension_of_this_workspace_is_accepted() {
    for extension in std::fs::read_dir(root().join("extensions")).unwrap() {
        let folder = extension.unwrap().path();
        let mut refusals = Refusals::new(&root());
        let certified = inspect(&root(), &cargo(), &folder, &mut refusals).unwrap();
        assert_eq!((refusals.sorted(), certified.is_some()), (vec![], true));
    }
}

#[test]
fn the_word_unsafe_anywhere() {
    let lines = |lines: [usize; 3]| lines.map(|line| (LIB, line, Unsafe));
    let expected =
        [lines([9, 12, 14]).as_slice(), &[(LIB, 14, LinkerAttribute)], &lines([21, 28, 31])].concat();
    refuses("unsafe-token", &expected);
}

#[test]
fn assembly_by_any_name() {
    refuses("assembly", &[4, 5, 7, 10].map(|line| (LIB, line, Assembly)));
}

#[test]
fn naked_procedures() {
    refuses("naked", &[(LIB, 4, Unsafe), (LIB, 6, Assembly)]);
}

#[test]
fn features_even_under_a_condition() {
    refuses("feature", &[(LIB, 3, Feature), (LIB, 4, Feature)]);
}

#[test]
fn foreign_declarations() {
    refuses("foreign-block", &[(LIB, 4, ForeignBlock), (LIB, 9, ForeignBlock)]);
}

#[test]
fn attributes_for_the_linker() {
    refuses("linker-attribute", &[4, 7, 10, 19, 21].map(|line| (LIB, line, LinkerAttribute)));
}

#[test]
fn editions_before_2024() {
    refuses("edition-2021", &[(MANIFEST, 4, Edition), (LIB, 4, LinkerAttribute), (LIB, 5, ForeignBlock)]);
    refuses("edition-missing", &[(MANIFEST, 1, Edition)]);
}

#[test]
fn build_scripts() {
    refuses("build-script", &[("build.rs", 1, BuildScript)]);
    refuses("build-script-renamed", &[(MANIFEST, 5, BuildScript)]);
}

#[test]
fn macros_that_run_in_the_compiler() {
    refuses("proc-macro", &[(MANIFEST, 7, ProcMacro)]);
}

#[test]
fn tables_that_change_the_build() {
    refuses(
        "manifest-tables",
        &[1, 7, 10, 13, 16, 19, 21, 24, 27].map(|line| (MANIFEST, line, ManifestTable)),
    );
    refuses("manifest-broken", &[(MANIFEST, 5, Unreadable)]);
}

#[test]
fn configuration_of_cargo_and_of_the_toolchain() {
    refuses("cargo-config", &[(".cargo", 1, CargoConfig)]);
    refuses(
        "toolchain-file",
        &[("rust-toolchain.toml", 1, ToolchainFile), ("src/rust-toolchain", 1, ToolchainFile)],
    );
}

#[test]
fn text_included_from_elsewhere() {
    refuses("include-outside", &[4, 6, 8, 9, 11, 18].map(|line| (LIB, line, Include)));
}

#[test]
fn modules_from_elsewhere() {
    refuses("path-outside", &[(LIB, 4, Path), (LIB, 7, Path)]);
}

#[test]
fn dependencies_that_nobody_reviewed() {
    let expected = [8, 9, 10].map(|line| (MANIFEST, line, Dependency));
    refuses("dependency", &[expected.as_slice(), &[(MANIFEST, 12, Implementation)]].concat());
}

#[test]
fn links_that_lead_outside() {
    refuses("symlink", &[("src/nowhere.rs", 1, Symlink), ("src/outside.rs", 1, Symlink)]);
}

#[test]
fn sources_that_are_no_text_or_no_rust() {
    refuses("unreadable", &[("src/broken.rs", 2, Unreadable), ("src/bytes.rs", 1, Unreadable)]);
}
