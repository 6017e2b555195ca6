//! Whether a package is still what its inputs would make.
//!
//! Beside each package lies a stamp: a hash of everything that went into it. It decides only whether work can be
//! spared; a forged one makes a stale package, never an unsigned one.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use super::build::Variant;
use super::keys::Key;
use crate::failure::{Failure, Result};
use crate::folders::{self, Folders};
use crate::toolchain::Tools;

/// What a package is made from, as far as the workspace holds it, besides the extension's own folder.
const SHARED: [&str; 5] = ["Cargo.toml", "Cargo.lock", "ext-sdk", "core-kernel/abi", "extensions"];

/// A hash of what all packages are made from; read once.
pub(crate) struct Shared(u64);

impl Shared {
    /// Reads the inputs.
    pub(crate) fn of(folders: &Folders, tools: &Tools, key: &Key) -> Result<Shared> {
        let mut hasher = DefaultHasher::new();
        key.public().0.hash(&mut hasher);
        (&tools.compiler.rustc, tools.compiler.version.major, tools.compiler.version.minor).hash(&mut hasher);
        certifier(&mut hasher)?;
        for shared in SHARED {
            contents(&folders.root().join(shared), shared == "extensions", &mut hasher)?;
        }
        Ok(Shared(hasher.finish()))
    }
}

/// A hash of everything that one package is made from.
pub(crate) struct Stamp(String);

impl Stamp {
    /// Reads the inputs of one package.
    pub(crate) fn of(shared: &Shared, variant: &Variant) -> Result<Stamp> {
        let mut hasher = DefaultHasher::new();
        (shared.0, &variant.features, &variant.name, variant.kind as u8).hash(&mut hasher);
        contents(&variant.folder, false, &mut hasher)?;
        Ok(Stamp(format!("{:016x}", hasher.finish())))
    }

    /// Whether `package` was made from these inputs.
    pub(crate) fn is_fresh(&self, package: &Path) -> bool {
        package.is_file() && fs::read_to_string(path(package)).is_ok_and(|stamp| stamp == self.0)
    }

    /// Says that `package` was made from these inputs.
    pub(crate) fn write(&self, package: &Path) -> Result<()> {
        folders::write(&path(package), self.0.as_bytes())
    }
}

fn path(package: &Path) -> PathBuf {
    package.with_extension("stamp")
}

/// This program: another one may certify and pack otherwise.
fn certifier(hasher: &mut DefaultHasher) -> Result<()> {
    let unknown = |error| Failure::new("xtask cannot look at its own program").because(error);
    let program = fs::metadata(std::env::current_exe().map_err(unknown)?).map_err(unknown)?;
    (program.len(), program.modified().ok()).hash(hasher);
    Ok(())
}

/// Hashes names and contents below `path`, in order; of extensions, only what other extensions may use.
fn contents(path: &Path, interfaces_only: bool, hasher: &mut DefaultHasher) -> Result<()> {
    if !path.is_dir() {
        path.hash(hasher);
        folders::read(path)?.hash(hasher);
        return Ok(());
    }
    let unreadable = |error| Failure::new(format_args!("{} cannot be read", path.display())).because(error);
    let entries: std::io::Result<Vec<PathBuf>> =
        fs::read_dir(path).map_err(unreadable)?.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut entries = entries.map_err(unreadable)?;
    entries.sort();
    for entry in entries {
        let entry = if interfaces_only { entry.join("interface") } else { entry };
        if !is_built(&entry) && (entry.is_file() || entry.is_dir()) {
            contents(&entry, false, hasher)?;
        }
    }
    Ok(())
}

/// Whether cargo made this folder: it lies beside a manifest, and carries the mark of a cache.
fn is_built(entry: &Path) -> bool {
    entry.file_name().is_some_and(|name| name == "target")
        && entry.with_file_name("Cargo.toml").is_file()
        && entry.join("CACHEDIR.TAG").is_file()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::hash::{DefaultHasher, Hasher as _};
    use std::path::Path;

    use super::contents;

    fn hash(folder: &Path, interfaces_only: bool) -> u64 {
        let mut hasher = DefaultHasher::new();
        contents(folder, interfaces_only, &mut hasher).unwrap();
        hasher.finish()
    }

    #[test]
    fn any_change_of_name_or_text_shows_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("src");
        fs::create_dir(&source).unwrap();
        fs::write(source.join("lib.rs"), "a").unwrap();
        let before = hash(folder.path(), false);
        assert_eq!(hash(folder.path(), false), before);
        fs::write(source.join("lib.rs"), "b").unwrap();
        assert_ne!(hash(folder.path(), false), before);
        fs::write(source.join("lib.rs"), "a").unwrap();
        assert_eq!(hash(folder.path(), false), before);
        fs::rename(source.join("lib.rs"), source.join("main.rs")).unwrap();
        assert_ne!(hash(folder.path(), false), before);
    }

    #[test]
    fn of_folders_called_target_only_those_that_cargo_made_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Cargo.toml"), "").unwrap();
        for (place, is_built) in [("target", true), ("src/target", false)] {
            let target = folder.path().join(place);
            fs::create_dir_all(&target).unwrap();
            fs::write(target.join("mod.rs"), "a").unwrap();
            let source = hash(folder.path(), false);
            fs::write(target.join("mod.rs"), "b").unwrap();
            assert_ne!(hash(folder.path(), false), source, "{place}");
            fs::write(target.join("CACHEDIR.TAG"), "").unwrap();
            let marked = hash(folder.path(), false);
            fs::write(target.join("mod.rs"), "c").unwrap();
            assert_eq!(hash(folder.path(), false) == marked, is_built, "{place}");
        }
    }

    #[test]
    fn another_extensions_implementation_does_not_matter_but_its_interface_does() {
        let extensions = tempfile::tempdir().unwrap();
        let other = extensions.path().join("other");
        fs::create_dir_all(other.join("interface")).unwrap();
        fs::write(other.join("lib.rs"), "a").unwrap();
        let before = hash(extensions.path(), true);
        fs::write(other.join("lib.rs"), "b").unwrap();
        assert_eq!(hash(extensions.path(), true), before);
        fs::write(other.join("interface/lib.rs"), "b").unwrap();
        assert_ne!(hash(extensions.path(), true), before);
    }
}
