//! Must-refuse tests: one fixture under `qemu/refuse/` for each way around certification that is known.
//!
//! A fixture that compiles would do what its first line says; none may pass. `accepted` must.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::Rule::{self, *};
use super::{Certified, Described, Refusals, inspect, inspect_read_files};

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

/// As in a macro, which could be given the rest.
#[test]
fn what_follows_extern_is_a_procedure_or_a_crate_of_the_compilers() {
    refuses(
        "extern-crate",
        &[(LIB, 4, ExternCrate), (LIB, 5, ExternCrate), (LIB, 6, ExternCrate), (LIB, 9, ForeignBlock)],
    );
}

#[test]
fn a_first_line_that_only_this_lexer_reads() {
    refuses("shebang", &[(LIB, 1, Unreadable)]);
}

#[test]
fn names_that_read_as_several_in_the_compilers_list() {
    refuses("file-name", &[("src/back\\slash.rs", 1, FileName), ("src/two words.rs", 1, FileName)]);
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

#[test]
fn a_dependency_by_the_name_of_another() {
    refuses("dependency-renamed", &[(MANIFEST, 7, Dependency)]);
}

/// Cargo takes `spindle_sdk` and `spindle-sdk` for two packages, the compiler for one crate.
#[test]
fn an_interface_by_the_name_of_the_sdk() {
    for name in ["spindle_sdk", "spindle-abi", "core"] {
        let workspace = with_interface("");
        let root = workspace.path().canonicalize().unwrap();
        let package = |name: &str| format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n");
        let user = package("user") + &format!("[dependencies]\n{name}.path = \"../used/interface\"\n");
        fs::write(root.join("extensions/user/Cargo.toml"), user).unwrap();
        fs::write(root.join("extensions/used/interface/Cargo.toml"), package(name)).unwrap();
        let mut refusals = Refusals::new(&root);
        inspect(&root, &cargo(), &root.join("extensions/user"), &mut refusals).unwrap();
        let refused: Vec<_> =
            refusals.sorted().into_iter().map(|refusal| (refusal.line, refusal.rule)).collect();
        assert_eq!(refused, [(5, Dependency)], "{name}");
    }
}

/// A workspace with an extension `user`, and an extension `used` whose interface it depends on.
fn with_interface(interface: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let package =
        |name: &str, rest: &str| format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n{rest}");
    let user = package("user", "[dependencies]\nused-interface.path = \"../used/interface\"\n");
    let files = [
        ("extensions/user/Cargo.toml", user.as_str()),
        ("extensions/user/src/lib.rs", ""),
        ("extensions/used/interface/Cargo.toml", &package("used-interface", "")),
        ("extensions/used/interface/src/lib.rs", interface),
    ];
    for (file, text) in files {
        let path = root.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

#[test]
fn an_interface_is_certified_with_the_extension_that_depends_on_it() {
    for (source, expected) in [("", vec![]), ("static A: u8 = unsafe { 0 };", vec![Unsafe])] {
        let workspace = with_interface(source);
        let root = workspace.path().canonicalize().unwrap();
        let mut refusals = Refusals::new(&root);
        let certified =
            inspect(&root, &cargo(), &root.join("extensions/user"), &mut refusals).unwrap().unwrap();
        assert_eq!(certified.interfaces, [root.join("extensions/used/interface")]);
        assert_eq!(refusals.sorted().into_iter().map(|refusal| refusal.rule).collect::<Vec<_>>(), expected);
    }
}

/// Whatever made the compiler read it, a file from elsewhere is refused afterwards, and one without `.rs` is scanned.
#[test]
fn files_that_the_compiler_read_are_looked_at_again() {
    let workspace = with_interface("");
    let root = workspace.path().canonicalize().unwrap();
    let folder = root.join("extensions/user");
    fs::write(folder.join("table.inc"), "\nunsafe { }").unwrap();
    let interfaces = vec![root.join("extensions/used/interface")];
    let described = Described { folder: folder.clone(), package: "user".into(), heap_pages: 0 };
    let certified = Certified { described, interfaces };
    fs::write(root.join("extensions/used/interface/more.inc"), "unsafe { }").unwrap();
    fs::write(root.join("extensions/used/Cargo.toml"), "").unwrap();
    let read = [
        "src/lib.rs",
        "table.inc",
        "../used/interface/src/lib.rs",
        "../used/interface/more.inc",
        "../used/Cargo.toml",
        "src/gone.rs",
    ];
    let read = read.map(|file| folder.join(file));
    let mut refusals = Refusals::new(&folder);
    inspect_read_files(&root, &certified, &read, &mut refusals);
    let refused = refusals.sorted().into_iter().map(|refusal| {
        (refusal.file.file_name().unwrap().to_str().unwrap().to_owned(), refusal.line, refusal.rule)
    });
    let mut refused: Vec<_> = refused.collect();
    refused.sort();
    let expected = [
        ("Cargo.toml", 1, SourceOutside),
        ("gone.rs", 1, SourceOutside),
        ("more.inc", 1, Unsafe),
        ("table.inc", 2, Unsafe),
    ];
    assert_eq!(refused, expected.map(|(file, line, rule)| (file.to_owned(), line, rule)));
}

/// The flags of the final crate, tried on what the scan would have refused before.
#[test]
fn the_compiler_refuses_too_what_its_flags_forbid() {
    let message = |source: &str| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lib.rs");
        fs::write(&file, source).unwrap();
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        rustc
            .args(["--edition=2024", "--crate-type=lib", "--emit=metadata"])
            .arg("--out-dir")
            .arg(folder.path())
            .arg(&file);
        rustc.args(crate::ext::compile::FINAL_FLAGS).env("RUSTC_BOOTSTRAP", "1");
        let output = rustc.output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    assert!(message("#![no_std] pub fn f() {}").0);
    let (accepted, said) = message("#![feature(core_intrinsics)]");
    assert!(!accepted && said.contains("E0725"), "{said}");
    let (accepted, said) = message("pub fn f(p: *const u8) -> u8 { unsafe { *p } }");
    assert!(!accepted && said.contains("unsafe-code"), "{said}");
    let (accepted, said) = message("#![allow(unsafe_code)] pub fn f(p: *const u8) -> u8 { unsafe { *p } }");
    assert!(!accepted && said.contains("E0453"), "{said}");
}
