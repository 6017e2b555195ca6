//! The way from a folder to a package, step by step.

use std::path::{Path, PathBuf};

use spindle_abi::package::Kind;

use super::attempt::Attempt;
use super::certify::{self, Certified};
use super::module::Module;
use super::pack::Parts;
use super::{compile, crates, engine, fresh, keys, link, notes, object, pack};
use crate::failure::{Failure, Result};
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
    /// What it becomes.
    pub(crate) kind: Kind,
}

impl Variant {
    /// The extension as it is.
    pub(crate) fn plain(folder: PathBuf) -> Self {
        let name = crates::name_of(&folder).to_owned();
        Variant { folder, features: Vec::new(), name, kind: Kind::Native }
    }

    /// The extension called `extension` with cargo features, packed under another name.
    pub(crate) fn of(folders: &Folders, extension: &str, features: &[&str], name: &str) -> Result<Self> {
        let features = features.iter().map(|&feature| feature.to_owned()).collect();
        let folder = crates::find(folders, extension)?;
        Ok(Variant { folder, features, name: name.to_owned(), kind: Kind::Native })
    }

    /// The same as Wasm.
    pub(crate) fn wasm(self) -> Self {
        Variant { kind: Kind::Wasm, ..self }
    }

    /// Every extension as it is, first as native code, then as Wasm.
    pub(crate) fn all(folders: &Folders) -> Result<Vec<Self>> {
        let native: Vec<Variant> = crates::all(folders)?.into_iter().map(Variant::plain).collect();
        let wasm = native.clone().into_iter().map(Variant::wasm);
        Ok(native.iter().cloned().chain(wasm).collect())
    }

    /// The name by which the kernel knows it: a Wasm package may be loaded beside the native one.
    pub(crate) fn console_name(&self) -> String {
        console_name(&self.name, self.kind)
    }

    /// Where its package goes.
    fn package(&self, folders: &Folders) -> PathBuf {
        console_package(folders, &self.name, self.kind)
    }
}

/// The name by which the kernel knows a package.
pub(super) fn console_name(name: &str, kind: Kind) -> String {
    match kind {
        Kind::Native => name.to_owned(),
        Kind::Wasm => format!("{name}.wasm"),
    }
}

/// Where the package of this name goes.
pub(super) fn console_package(folders: &Folders, name: &str, kind: Kind) -> PathBuf {
    folder(folders).join(console_name(name, kind) + ".ext")
}

/// The folder of all packages.
fn folder(folders: &Folders) -> PathBuf {
    folders.built().join("ext")
}

/// Builds what is not up to date; gives all packages in the order asked for.
///
/// # Errors
/// The extensions that are refused or do not compile, after every other one was built.
pub(crate) fn build(folders: &Folders, tools: &Tools, variants: &[Variant]) -> Result<Vec<PathBuf>> {
    attempt(folders, tools, variants)?.all_or_nothing()
}

/// Builds what is not up to date and can be built.
///
/// # Errors
/// What stands in the way of every extension, as a signing key that cannot be used.
pub(crate) fn attempt(folders: &Folders, tools: &Tools, variants: &[Variant]) -> Result<Attempt> {
    folders::create(&folder(folders))?;
    let key = keys::Key::of(folders)?;
    let shared = fresh::Shared::of(folders, tools, &key)?;
    let mut attempt = Attempt::default();
    for variant in variants {
        attempt.add(variant.console_name(), build_one(folders, tools, &key, &shared, variant));
    }
    Ok(attempt)
}

fn build_one(
    folders: &Folders,
    tools: &Tools,
    key: &keys::Key,
    shared: &fresh::Shared,
    variant: &Variant,
) -> Result<PathBuf> {
    let package = variant.package(folders);
    let stamp = fresh::Stamp::of(shared, variant)?;
    if !stamp.is_fresh(&package) {
        let (bytes, by_whom) = match variant.kind {
            Kind::Native => {
                let signed = native(folders, tools, key, variant)?;
                (signed, format!("signed by key {}", key.public().fingerprint()))
            }
            Kind::Wasm => (wasm(folders, tools, variant)?, "unsigned: the kernel validates it".to_owned()),
        };
        place(&package, &bytes)?;
        stamp.write(&package)?;
        say(variant, &format!("done: {} KiB, {by_whom}", bytes.len().div_ceil(1024)));
    }
    Ok(package)
}

/// Certifies, makes and signs a package of native code.
fn native(folders: &Folders, tools: &Tools, key: &keys::Key, variant: &Variant) -> Result<Vec<u8>> {
    say(variant, "certifying");
    let certified = certify::certify(folders, &tools.compiler.cargo, &variant.folder)?;
    let unsigned = certified_package(folders, tools, variant, &certified)?;
    say(variant, "signing");
    key.sign(unsigned)
}

/// Everything between certifying and signing.
fn certified_package(
    folders: &Folders,
    tools: &Tools,
    variant: &Variant,
    certified: &Certified,
) -> Result<Vec<u8>> {
    say_compiling(folders, variant);
    let archive = compile::compile(folders, tools, variant, &certified.described)?;
    certify::certify_read_files(folders, certified, &compile::files_read(&archive)?)?;
    say(variant, "linking");
    let linked = link::link(tools, &archive, &folder(folders).join("objects"), &variant.name)?;
    let with_notes = folders::read(&linked.with_notes)?;
    let records = notes::read(&with_notes)?;
    let object = folders::read(&linked.shipped)?;
    let imports = object::check(&object, &records)?;
    pack::pack(&Parts {
        name: &variant.name,
        kind: Kind::Native,
        compiler: &pack::compiler(tools)?,
        heap_pages: certified.described.heap_pages,
        records: &records,
        imports: &imports,
        code: &object,
    })
}

/// Makes a package of Wasm. Nothing is certified: the engine contains what the module does (docs/safety says why).
fn wasm(folders: &Folders, tools: &Tools, variant: &Variant) -> Result<Vec<u8>> {
    let described = certify::describe(&tools.compiler.cargo, &variant.folder)?;
    say_compiling(folders, variant);
    let bytes = folders::read(&compile::compile(folders, tools, variant, &described)?)?;
    let module = Module::read(&bytes)?;
    let records = notes::parse(module.records()?)?;
    let (imports, code) = (module.imports(&records)?, module.shipped());
    engine::check(&code, &records, &imports)?;
    pack::pack(&Parts {
        name: &variant.name,
        kind: Kind::Wasm,
        compiler: &pack::compiler(tools)?,
        heap_pages: described.heap_pages,
        records: &records,
        imports: &imports,
        code: &code,
    })
}

/// Writes the package so that a reader never sees half of one.
pub(super) fn place(package: &Path, bytes: &[u8]) -> Result<()> {
    let unfinished = package.with_extension("ext.unfinished");
    folders::write(&unfinished, bytes)?;
    std::fs::rename(&unfinished, package)
        .map_err(|error| Failure::new("the package cannot be put in its place").because(error))
}

fn say_compiling(folders: &Folders, variant: &Variant) {
    let library_too = !compile::has_library(folders, variant.kind);
    say(variant, if library_too { "compiling, and once for all the core library" } else { "compiling" });
}

fn say(variant: &Variant, what: &str) {
    eprintln!("  {:<16} {what}", variant.console_name());
}
