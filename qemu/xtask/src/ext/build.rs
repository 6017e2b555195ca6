//! The way from a folder to a signed package, step by step.

use std::path::{Path, PathBuf};

use super::certify::{self, Certified};
use super::{compile, crates, fresh, keys, link, notes, object, pack};
use crate::failure::Result;
use crate::folders::{self, Folders};
use crate::toolchain::Tools;

/// An extension, and how it is to be built.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// Cargo features.
    pub(crate) features: Vec<String>,
    /// Name of the package.
    pub(crate) name: String,
}

impl Variant {
    /// The extension as it is.
    pub(crate) fn plain(folder: PathBuf) -> Self {
        let name = crates::name_of(&folder).to_owned();
        Variant { folder, features: Vec::new(), name }
    }

    /// The extension called `extension` with cargo features, packed under another name.
    pub(crate) fn of(folders: &Folders, extension: &str, features: &[&str], name: &str) -> Result<Self> {
        let features = features.iter().map(|&feature| feature.to_owned()).collect();
        Ok(Variant { folder: crates::find(folders, extension)?, features, name: name.to_owned() })
    }

    /// Where its package goes.
    fn package(&self, folders: &Folders) -> PathBuf {
        folder(folders).join(format!("{}.ext", self.name))
    }
}

/// The folder of all packages.
fn folder(folders: &Folders) -> PathBuf {
    folders.built().join("ext")
}

/// Builds every extension as it is; gives the packages, by name.
pub(crate) fn build_all(folders: &Folders, tools: &Tools) -> Result<Vec<PathBuf>> {
    let variants: Vec<Variant> = crates::all(folders)?.into_iter().map(Variant::plain).collect();
    build(folders, tools, &variants)
}

/// Builds what is not up to date; gives all packages in the order asked for.
///
/// # Errors
/// The first extension that is refused or does not compile, with everything that is wrong with its source.
pub(crate) fn build(folders: &Folders, tools: &Tools, variants: &[Variant]) -> Result<Vec<PathBuf>> {
    folders::create(&folder(folders))?;
    let key = keys::Key::of(folders)?;
    let shared = fresh::Shared::of(folders, tools, &key)?;
    let build_one = |variant: &Variant| {
        let package = variant.package(folders);
        let stamp = fresh::Stamp::of(&shared, variant)?;
        if !stamp.is_fresh(&package) {
            build_package(folders, tools, &key, variant, &package)?;
            stamp.write(&package)?;
        }
        Ok(package)
    };
    variants.iter().map(build_one).collect()
}

fn build_package(
    folders: &Folders,
    tools: &Tools,
    key: &keys::Key,
    variant: &Variant,
    package: &Path,
) -> Result<()> {
    say(variant, "certifying");
    let certified = certify::certify(folders, &tools.compiler.cargo, &variant.folder)?;
    let unsigned = make(folders, tools, variant, &certified)?;
    say(variant, "signing");
    let signed = key.sign(unsigned)?;
    place(package, &signed)?;
    let kib = signed.len().div_ceil(1024);
    say(variant, &format!("done: {kib} KiB, signed by key {}", key.public().fingerprint()));
    Ok(())
}

/// Everything between certifying and signing.
fn make(folders: &Folders, tools: &Tools, variant: &Variant, certified: &Certified) -> Result<Vec<u8>> {
    let library_too = !folders.built().join(compile::TARGET).join("extension/deps").is_dir();
    say(variant, if library_too { "compiling, and once for all the core library" } else { "compiling" });
    let compiled = compile::compile(folders, tools, variant, certified)?;
    certify::certify_read_files(folders, certified, &compiled.files_read)?;
    say(variant, "linking");
    let linked = link::link(tools, &compiled.archive, &folder(folders).join("objects"), &variant.name)?;
    let records = notes::read(&folders::read(&linked.with_notes)?)?;
    let object = folders::read(&linked.shipped)?;
    let imports = object::check(&object, &records)?;
    pack::pack(tools, variant, certified, &records, &imports, &object)
}

/// Writes the package so that a reader never sees half of one.
fn place(package: &Path, bytes: &[u8]) -> Result<()> {
    let unfinished = package.with_extension("ext.unfinished");
    folders::write(&unfinished, bytes)?;
    std::fs::rename(&unfinished, package).map_err(|error| {
        crate::failure::Failure::new("the package cannot be put in its place").because(error)
    })
}

fn say(variant: &Variant, what: &str) {
    eprintln!("  {:<16} {what}", variant.name);
}
