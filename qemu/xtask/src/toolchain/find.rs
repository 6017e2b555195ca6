//! Looks at the machine: what is installed, and what may be.

use std::path::{Path, PathBuf};
use std::process::Command;

use spindle_runner::Firmware;

use super::compiler::{Compiler, Origin, ask, on_path};
use super::linker;
use super::plan::{Found, Installer, Override};

/// Looks for everything.
pub(crate) fn everything() -> Found {
    let rustup = rustup_compiler();
    let distribution = distribution_compiler();
    let compilers: Vec<&Compiler> = rustup.iter().chain(&distribution).collect();
    let linker = linker::find(&compilers);
    Found {
        installer: installer(linker.is_none()),
        linker,
        environment: environment_compiler(),
        rustup,
        distribution,
        qemu: on_path("qemu-system-x86_64"),
        firmware: firmware(),
    }
}

fn environment_compiler() -> Override {
    let named = |name| std::env::var_os(name).map(PathBuf::from);
    match (named("SPINDLE_CARGO"), named("SPINDLE_RUSTC")) {
        (None, None) => Override::Absent,
        (Some(cargo), Some(rustc)) => Compiler::examine(Origin::Environment, cargo, rustc)
            .map_or(Override::Unusable, Override::Compiler),
        _ => Override::Half,
    }
}

/// `RUSTUP_TOOLCHAIN`, which rustup sets for what it starts, makes these answer for the active toolchain.
fn rustup_compiler() -> Option<Compiler> {
    let rustup = on_path("rustup")?;
    let which =
        |program| ask(Command::new(&rustup).args(["which", program])).map(|path| PathBuf::from(path.trim()));
    Compiler::examine(Origin::Rustup, which("cargo")?, which("rustc")?)
}

fn distribution_compiler() -> Option<Compiler> {
    let cargo = packaged(&["cargo-web", "cargo"], "/bin/cargo")?;
    let rustc = packaged(&["rustc-web", "rustc"], "/bin/rustc")?;
    Compiler::examine(Origin::Distribution, cargo, rustc)
}

/// The file that the first installed one of `packages` put at a path with this end.
fn packaged(packages: &[&str], end: &str) -> Option<PathBuf> {
    let files = packages.iter().find_map(|package| ask(Command::new("dpkg").args(["-L", package])))?;
    files.lines().find(|path| path.ends_with(end)).map(PathBuf::from)
}

/// Code and variables of UEFI firmware, where distributions put them.
fn firmware() -> Option<Firmware> {
    let pairs = [
        ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
        ("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
        ("/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"),
        ("/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"),
    ];
    let (code, variables) = pairs
        .into_iter()
        .find(|(code, variables)| Path::new(code).is_file() && Path::new(variables).is_file())?;
    Some(Firmware { code: code.into(), variables: variables.into() })
}

/// Who may install. Asking for the newest lld takes a second, which a run that needs none does not spend.
fn installer(needs_lld: bool) -> Installer {
    if on_path("apt-get").is_none() {
        return Installer::None;
    }
    let newest_lld = if needs_lld { newest_lld() } else { "lld".to_owned() };
    if rustix::process::geteuid().is_root() {
        Installer::Apt { newest_lld }
    } else {
        Installer::AptButNotRoot { newest_lld }
    }
}

/// The package of the newest lld that the package lists know.
fn newest_lld() -> String {
    let known =
        ask(Command::new("apt-cache").args(["search", "--names-only", "^lld-[0-9]+$"])).unwrap_or_default();
    newest_numbered(&known).map_or_else(|| "lld".to_owned(), |number| format!("lld-{number}"))
}

fn newest_numbered(listing: &str) -> Option<u32> {
    let names = listing.lines().filter_map(|line| line.split_whitespace().next());
    names.filter_map(|name| name.strip_prefix("lld-")?.parse().ok()).max()
}

#[cfg(test)]
mod tests {
    use super::newest_numbered;

    #[test]
    fn the_newest_linker_is_the_highest_number_not_the_last_word() {
        let listing =
            "lld-13 - LLVM-based linker\nlld-9 - LLVM-based linker\nlld-22 - LLVM-based linker\nlld - any\n";
        assert_eq!(newest_numbered(listing), Some(22));
        assert_eq!(newest_numbered(""), None);
    }
}
