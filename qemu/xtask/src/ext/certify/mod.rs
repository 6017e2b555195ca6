//! The certifier: what the source of a native extension may not contain, and why.
//!
//! *Concepts.* A [`Refusal`] names a file, a line and a [`Rule`]; a rule says why it exists and what to do instead.
//! `forbid(unsafe_code)` alone keeps little out (docs/safety says what); these rules close what it leaves open.
//!
//! ```text
//!  folder     every entry       no symbolic link outwards, no cargo configuration, no toolchain file
//!  manifest   Cargo.toml        edition 2024, no build script, no macros of its own, known dependencies
//!  source     every token       no `unsafe` in whatever form, no assembly, no feature, no linker attribute
//!  machine    the owner's cargo configuration   nothing that changes what is compiled, or how
//!  afterwards what rustc read   nothing from elsewhere
//! ```
//! *Interface.* [`certify`] before compiling, [`certify_read_files`] after.
//!
//! *Invariants.*
//! - INV-CERT-1: every refusal is listed, not only the first.
//! - INV-CERT-2: an interface crate that an extension depends on is certified with it, by the same rules.

mod configuration;
mod folder;
mod include;
mod manifest;
mod refusal;
mod source;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::folders::Folders;

use refusal::{Refusals, Rule};

/// What an extension's manifest says of it.
#[derive(Clone, Debug)]
pub(crate) struct Described {
    /// Its folder, without symbolic links.
    pub(crate) folder: PathBuf,
    /// Its name as a cargo package.
    pub(crate) package: String,
    /// Pages of heap that it asks for; 0 leaves it to the loader.
    pub(crate) heap_pages: u32,
}

/// An extension whose folder, manifest and sources broke no rule.
#[derive(Clone, Debug)]
pub(crate) struct Certified {
    /// What its manifest says of it.
    pub(crate) described: Described,
    /// Folders of the interface crates that it depends on.
    interfaces: Vec<PathBuf>,
}

/// Where sources of a certified build may lie besides the extension's own folder: the SDK and what it is made of.
const SDK_SOURCES: [&str; 2] = ["ext-sdk", "core-kernel/abi"];

/// Certifies the extension in `folder`, compiling nothing.
///
/// # Errors
/// Every refusal has been written to standard error when this returns.
pub(crate) fn certify(folders: &Folders, cargo: &Path, folder: &Path) -> Result<Certified> {
    let mut refusals = Refusals::new(folders.root());
    configuration::inspect(folders.root(), &mut refusals);
    let certified = inspect(folders.root(), cargo, folder, &mut refusals)?;
    refusals.into_result(&name(folder))?;
    certified.ok_or_else(|| Failure::new(format_args!("{} has no manifest", folder.display())))
}

/// Reads what is needed of the manifest in `folder` and certifies nothing: for Wasm, which the engine contains.
///
/// # Errors
/// If cargo cannot read the manifest, or it asks for something else than a number of pages.
pub(crate) fn describe(cargo: &Path, folder: &Path) -> Result<Described> {
    manifest::describe(cargo, &canonical(folder)?)
}

/// Looks at what the compiler has read in the end: macros may have made it read files that no scan foresaw.
///
/// # Errors
/// As [`certify`].
pub(crate) fn certify_read_files(folders: &Folders, certified: &Certified, files: &[PathBuf]) -> Result<()> {
    let mut refusals = Refusals::new(folders.root());
    inspect_read_files(folders.root(), certified, files, &mut refusals);
    refusals.into_result(&certified.described.package)
}

fn inspect_read_files(root: &Path, certified: &Certified, files: &[PathBuf], refusals: &mut Refusals) {
    let trusted = SDK_SOURCES.map(|folder| root.join(folder));
    let certified_folders = std::iter::once(&certified.described.folder).chain(&certified.interfaces);
    for file in files {
        let mut outside = |why: &str| refusals.add(Rule::SourceOutside, file, 1, why.into());
        let Ok(real) = file.canonicalize() else {
            outside("the compiler has read this file, and it cannot be found");
            continue;
        };
        match certified_folders.clone().find(|folder| real.starts_with(folder)) {
            Some(folder) if !folder::is_source(&real) => source::scan_file(folder, &real, refusals),
            Some(_) => {}
            None if trusted.iter().any(|folder| real.starts_with(folder)) => {}
            None => outside("the compiler has read this file"),
        }
    }
}

/// Certifies one crate, and the interface crates that it depends on; `None` if it has no manifest to speak of.
fn inspect(root: &Path, cargo: &Path, folder: &Path, refusals: &mut Refusals) -> Result<Option<Certified>> {
    let canonical = canonical(folder)?;
    for file in folder::inspect(&canonical, refusals)? {
        source::scan_file(&canonical, &file, refusals);
    }
    let Some(manifest) = manifest::inspect(root, cargo, &canonical, refusals)? else { return Ok(None) };
    for interface in &manifest.interfaces {
        inspect(root, cargo, interface, refusals)?;
    }
    let manifest::Manifest { package, heap_pages, interfaces } = manifest;
    Ok(Some(Certified { described: Described { folder: canonical, package, heap_pages }, interfaces }))
}

fn canonical(folder: &Path) -> Result<PathBuf> {
    folder
        .canonicalize()
        .map_err(|error| Failure::new(format_args!("{} cannot be found", folder.display())).because(error))
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned()
}
