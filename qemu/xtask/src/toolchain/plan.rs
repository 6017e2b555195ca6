//! Decides what to build with, or what to install, from what was found. No side effects.
//!
//! ```text
//!  compiler: environment, else rustup's with source, else the distribution's with source
//!  everything there? --yes--> Ready
//!        | no
//!  root, with apt?   --yes--> Install        otherwise --> Stop, with the commands to give
//! ```

use std::path::PathBuf;

use spindle_runner::Firmware;

use super::compiler::{Compiler, Version};
use crate::failure::Failure;

/// What the environment says of the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Override {
    /// Nothing.
    Absent,
    /// Only one of the two variables is set.
    Half,
    /// What it names does not answer.
    Unusable,
    /// This one.
    Compiler(Compiler),
}

/// Who may install programs here. The newest lld of the distribution goes by the name of its package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Installer {
    /// apt, as root.
    Apt { newest_lld: String },
    /// apt, but somebody else must run it.
    AptButNotRoot { newest_lld: String },
    /// Nobody that is known here.
    None,
}

/// What was found on the machine.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) environment: Override,
    pub(crate) rustup: Option<Compiler>,
    pub(crate) distribution: Option<Compiler>,
    pub(crate) linker: Option<PathBuf>,
    pub(crate) qemu: Option<PathBuf>,
    pub(crate) firmware: Option<Firmware>,
    pub(crate) installer: Installer,
}

/// What is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) compiler: Compiler,
    pub(crate) linker: PathBuf,
    pub(crate) qemu: PathBuf,
    pub(crate) firmware: Firmware,
}

/// A package and what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) reason: &'static str,
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Plan {
    /// Build.
    Ready(Choice),
    /// Install these, then look again.
    Install(Vec<Package>),
    /// Nothing can be done here without the human.
    Stop(Failure),
}

/// Decides.
pub(crate) fn plan(found: &Found) -> Plan {
    let compiler = match compiler(found) {
        Ok(compiler) => compiler,
        Err(failure) => return Plan::Stop(failure),
    };
    if let (Some(compiler), Some(linker), Some(qemu), Some(firmware)) =
        (compiler, &found.linker, &found.qemu, &found.firmware)
    {
        let (linker, qemu, firmware) = (linker.clone(), qemu.clone(), firmware.clone());
        return Plan::Ready(Choice { compiler: compiler.clone(), linker, qemu, firmware });
    }
    match &found.installer {
        Installer::Apt { .. } => Plan::Install(missing(found, compiler)),
        _ => Plan::Stop(stop(found, compiler)),
    }
}

/// The compiler to use; an override that cannot be used is an error, never passed over in silence.
fn compiler(found: &Found) -> Result<Option<&Compiler>, Failure> {
    let advice = "unset SPINDLE_CARGO SPINDLE_RUSTC   (to let xtask choose)";
    let unusable = |why: String| {
        Failure::new("the compiler that the environment names cannot be used").because(why).next(advice)
    };
    match &found.environment {
        Override::Half => {
            Err(unusable("only one of SPINDLE_CARGO and SPINDLE_RUSTC is set; they go together".to_owned()))
        }
        Override::Unusable => {
            Err(unusable("SPINDLE_RUSTC does not answer, or SPINDLE_CARGO is no file".to_owned()))
        }
        Override::Compiler(compiler) if compiler.is_usable() => Ok(Some(compiler)),
        Override::Compiler(compiler) => Err(unusable(complaint(compiler))),
        Override::Absent => {
            Ok(found.rustup.iter().chain(&found.distribution).find(|compiler| compiler.is_usable()))
        }
    }
}

fn complaint(compiler: &Compiler) -> String {
    if compiler.has_source {
        format!(
            "the compiler {} is {}; {} is the oldest that serves",
            compiler.origin,
            compiler.version,
            Version::OLDEST
        )
    } else {
        format!(
            "the compiler {} ({}) lacks the source of the standard library",
            compiler.origin, compiler.version
        )
    }
}

fn missing(found: &Found, compiler: Option<&Compiler>) -> Vec<Package> {
    let mut packages = Vec::new();
    let mut need = |name: &str, reason| packages.push(Package { name: name.to_owned(), reason });
    if compiler.is_none() {
        need("rustc-web", "the compiler for kernel and extensions");
        need("cargo-web", "its build tool");
        need("rust-web-src", "the source of the standard library, built for the bare machine");
    }
    if found.linker.is_none() {
        need(newest_lld(&found.installer), "the linker for the bare machine");
    }
    if found.qemu.is_none() {
        need("qemu-system-x86", "the machine that Spindle boots in");
    }
    if found.firmware.is_none() {
        need("ovmf", "that machine's UEFI firmware");
    }
    packages
}

fn newest_lld(installer: &Installer) -> &str {
    match installer {
        Installer::Apt { newest_lld } | Installer::AptButNotRoot { newest_lld } => newest_lld,
        Installer::None => "lld",
    }
}

/// Why the task stops before building, with every command that would let it go on.
fn stop(found: &Found, compiler: Option<&Compiler>) -> Failure {
    let mut why: Vec<String> = Vec::new();
    let packages = missing(found, compiler);
    if compiler.is_none() {
        why.extend(found.rustup.iter().chain(&found.distribution).map(complaint));
    }
    why.extend(packages.iter().map(|package| format!("missing: {} ({})", package.name, package.reason)));
    why.push(match found.installer {
        Installer::None => "there is no apt here to install them with".to_owned(),
        _ => "only root may install them".to_owned(),
    });
    let failure =
        Failure::new("something that Spindle is built with or runs in is not installed; nothing was built");
    advise(failure.because(why.join("\n")), found, compiler, &packages)
}

fn advise(mut failure: Failure, found: &Found, compiler: Option<&Compiler>, packages: &[Package]) -> Failure {
    let rustup_serves = found.rustup.as_ref().is_some_and(|compiler| compiler.version >= Version::OLDEST);
    let of_compiler = |package: &&Package| package.name.contains("web");
    if compiler.is_none() && rustup_serves {
        failure = failure.next("rustup component add rust-src   (or the packages *-web of the next command)");
    }
    if found.installer == Installer::None {
        if compiler.is_none() && !rustup_serves {
            failure = failure.next(format_args!(
                "rustup toolchain install stable --component rust-src   (Rust {} or newer, from https://rustup.rs)",
                Version::OLDEST
            ));
        }
        let names =
            packages.iter().filter(|package| !of_compiler(package)).map(|package| package.name.as_str());
        let names: Vec<&str> = names.collect();
        return match names.as_slice() {
            [] => failure,
            names => failure.next(format_args!("install by the system's own means: {}", names.join(", "))),
        };
    }
    failure.next("sudo apt-get update").next(format_args!("sudo {}", install_command(packages)))
}

/// The command that installs `packages`.
pub(crate) fn install_command(packages: &[Package]) -> String {
    let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    format!("apt-get install --no-install-recommends {}", names.join(" "))
}

/// apt was content and yet something is missing.
pub(crate) fn missing_after_install(packages: &[Package]) -> Failure {
    let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    Failure::new("the packages were installed, and still something is missing; nothing was built")
        .because(format_args!("not found where it should be: {}", names.join(", ")))
        .next("rustup component add rust-src   (if the compiler is what is missing)")
}

#[cfg(test)]
mod tests;
