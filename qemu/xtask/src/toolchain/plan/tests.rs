//! Every situation a machine can be in.

use super::*;
use crate::toolchain::compiler::Origin;

fn compiler(origin: Origin, minor: u32, has_source: bool) -> Compiler {
    let version = Version { major: 1, minor };
    let (cargo, rustc) = (format!("/{origin}/cargo").into(), format!("/{origin}/rustc").into());
    Compiler { origin, cargo, rustc, version, sysroot: "/".into(), has_source }
}

fn apt() -> Installer {
    Installer::Apt { newest_lld: "lld-22".to_owned() }
}

/// A machine on which everything is installed.
fn complete() -> Found {
    Found {
        environment: Override::Absent,
        rustup: Some(compiler(Origin::Rustup, 95, true)),
        distribution: Some(compiler(Origin::Distribution, 96, true)),
        linker: Some("/lld".into()),
        qemu: Some("/qemu".into()),
        firmware: Some(Firmware { code: "/code".into(), variables: "/vars".into() }),
        installer: apt(),
    }
}

/// A machine on which nothing is.
fn bare(installer: Installer) -> Found {
    let rustup = Some(compiler(Origin::Rustup, 95, false));
    Found { rustup, distribution: None, linker: None, qemu: None, firmware: None, installer, ..complete() }
}

fn chosen(found: &Found) -> Option<Origin> {
    match plan(found) {
        Plan::Ready(choice) => Some(choice.compiler.origin),
        _ => None,
    }
}

fn stopped(found: &Found) -> String {
    match plan(found) {
        Plan::Stop(failure) => failure.to_string(),
        other => panic!("did not stop: {other:?}"),
    }
}

fn installed(found: &Found) -> Vec<String> {
    match plan(found) {
        Plan::Install(packages) => packages.into_iter().map(|package| package.name).collect(),
        other => panic!("does not install: {other:?}"),
    }
}

#[test]
fn the_environment_comes_first() {
    let environment = Override::Compiler(compiler(Origin::Environment, 97, true));
    assert_eq!(chosen(&Found { environment, ..complete() }), Some(Origin::Environment));
}

#[test]
fn rustup_comes_before_the_distribution() {
    assert_eq!(chosen(&complete()), Some(Origin::Rustup));
}

#[test]
fn a_compiler_without_source_is_passed_over() {
    let rustup = Some(compiler(Origin::Rustup, 95, false));
    assert_eq!(chosen(&Found { rustup, ..complete() }), Some(Origin::Distribution));
}

#[test]
fn a_compiler_that_is_too_old_is_passed_over() {
    let rustup = Some(compiler(Origin::Rustup, 94, true));
    assert_eq!(chosen(&Found { rustup, ..complete() }), Some(Origin::Distribution));
}

#[test]
fn an_override_that_cannot_be_used_stops_and_is_not_passed_over() {
    let lacking = Override::Compiler(compiler(Origin::Environment, 96, false));
    assert!(stopped(&Found { environment: lacking, ..complete() }).contains("lacks the source"));
    let old = Override::Compiler(compiler(Origin::Environment, 80, true));
    assert!(stopped(&Found { environment: old, ..complete() }).contains("1.95 is the oldest"));
    assert!(stopped(&Found { environment: Override::Half, ..complete() }).contains("they go together"));
    assert!(stopped(&Found { environment: Override::Unusable, ..complete() }).contains("does not answer"));
}

#[test]
fn root_on_a_bare_machine_installs_everything() {
    let packages = installed(&bare(apt()));
    assert_eq!(packages, ["rustc-web", "cargo-web", "rust-web-src", "lld-22", "qemu-system-x86", "ovmf"]);
}

#[test]
fn only_what_is_missing_is_installed() {
    assert_eq!(installed(&Found { firmware: None, ..complete() }), ["ovmf"]);
    assert_eq!(installed(&Found { qemu: None, ..complete() }), ["qemu-system-x86"]);
    assert_eq!(installed(&Found { linker: None, ..complete() }), ["lld-22"]);
}

#[test]
fn whoever_is_not_root_is_given_both_ways() {
    let text = stopped(&bare(Installer::AptButNotRoot { newest_lld: "lld-19".to_owned() }));
    assert!(text.contains("only root may install"));
    assert!(text.contains("rustup component add rust-src"));
    assert!(text.contains("sudo apt-get update"));
    let install = "rustc-web cargo-web rust-web-src lld-19 qemu-system-x86 ovmf";
    assert!(text.contains(&format!("sudo apt-get install --no-install-recommends {install}")), "{text}");
}

#[test]
fn without_apt_the_names_are_given() {
    let text = stopped(&bare(Installer::None));
    assert!(text.contains("rustup component add rust-src"));
    assert!(text.contains("lld, qemu-system-x86, ovmf"));
    assert!(!text.contains("apt-get"));
}

#[test]
fn rustup_is_not_advised_where_it_is_too_old_or_absent() {
    let old = Some(compiler(Origin::Rustup, 80, false));
    let installer = || Installer::AptButNotRoot { newest_lld: "lld".to_owned() };
    assert!(!stopped(&Found { rustup: old, ..bare(installer()) }).contains("rustup component"));
    assert!(!stopped(&Found { rustup: None, ..bare(installer()) }).contains("rustup component"));
}

#[test]
fn a_stop_for_another_reason_does_not_talk_of_compilers() {
    let installer = Installer::AptButNotRoot { newest_lld: "lld".to_owned() };
    let text = stopped(&Found { firmware: None, installer, ..complete() });
    assert!(text.contains("install --no-install-recommends ovmf"));
    assert!(!text.contains("rustup component"));
}
