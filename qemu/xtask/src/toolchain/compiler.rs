//! A Rust compiler with its cargo, and what is known of them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The part of a compiler's version that decides what it can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) major: u32,
    pub(crate) minor: u32,
}

impl Version {
    /// The oldest that the workspace is kept building on.
    pub(crate) const OLDEST: Self = Self { major: 1, minor: 95 };

    /// Reads what `rustc --version` prints: `rustc 1.96.0 (...)`.
    fn parse(printed: &str) -> Option<Self> {
        let mut numbers = printed.strip_prefix("rustc ")?.split('.');
        Some(Self { major: numbers.next()?.parse().ok()?, minor: numbers.next()?.parse().ok()? })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// Who put a compiler where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `SPINDLE_CARGO` and `SPINDLE_RUSTC` name it.
    Environment,
    /// The active toolchain of rustup.
    Rustup,
    /// A package of the distribution.
    Distribution,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "from the environment",
            Self::Rustup => "of rustup",
            Self::Distribution => "of the distribution",
        })
    }
}

/// A compiler and its cargo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Compiler {
    pub(crate) origin: Origin,
    pub(crate) cargo: PathBuf,
    pub(crate) rustc: PathBuf,
    pub(crate) version: Version,
    /// Where its own libraries and tools are.
    pub(crate) sysroot: PathBuf,
    /// Whether the source of the standard library is there, from which `-Zbuild-std` builds it.
    pub(crate) has_source: bool,
}

impl Compiler {
    /// Asks `rustc` what it is; `None` if it does not answer.
    pub(crate) fn examine(origin: Origin, cargo: PathBuf, rustc: PathBuf) -> Option<Self> {
        let version = Version::parse(&ask(Command::new(&rustc).arg("--version"))?)?;
        let sysroot = PathBuf::from(ask(Command::new(&rustc).args(["--print", "sysroot"]))?.trim());
        let has_source = sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file();
        cargo.is_file().then_some(Self { origin, cargo, rustc, version, sysroot, has_source })
    }

    /// Whether it can build the kernel.
    pub(crate) fn is_usable(&self) -> bool {
        self.has_source && self.version >= Version::OLDEST
    }

    /// Its own copy of the linker, if it was shipped with one.
    pub(crate) fn own_linker(&self) -> Option<PathBuf> {
        let folders = std::fs::read_dir(self.sysroot.join("lib/rustlib")).ok()?;
        let mut copies = folders.flatten().map(|folder| folder.path().join("bin/rust-lld"));
        copies.find(|copy| copy.is_file())
    }
}

/// What a program prints on standard output; `None` if it cannot be run or fails.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    // A program of one toolchain must not load the libraries of the one that runs xtask.
    let output = command.env_remove("LD_LIBRARY_PATH").stderr(std::process::Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first file of this name on `PATH`.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| Path::is_file(file))
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_of_every_channel_are_read() {
        let version = |minor| Some(Version { major: 1, minor });
        assert_eq!(
            Version::parse("rustc 1.96.0 (abc 2026-05-05) (built from a source tarball)"),
            version(96)
        );
        assert_eq!(Version::parse("rustc 1.98.0-nightly (abc 2026-05-05)"), version(98));
        assert_eq!(Version::parse("clang version 19.1"), None);
        assert_eq!(Version::parse(""), None);
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert!(Version { major: 1, minor: 100 } > Version { major: 1, minor: 96 });
    }
}
