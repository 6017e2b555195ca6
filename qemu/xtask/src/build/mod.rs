//! Builds what is booted: kernel, packages, user programs, ramdisk, disk image.
//!
//! ```text
//!  kernel  --cargo--> kernel.elf -+
//!  extensions --ext-> *.ext --tar-> ramdisk.tar -+--> spindle-image --> disk.img
//!  programs --cargo-> *.elf ---^
//! ```
//!
//! *Interface*: [`image`] returns an image that is up to date; nothing is done where nothing changed. It leaves out an
//! extension that cannot be built, and says so, except where tests will ask for it.
//!
//! *Not here*: extensions (`ext/`), the programs used (`toolchain/`).

mod bad_wasm;
mod bare_metal;
mod kernel;
mod loader;
mod programs;
mod ramdisk;
mod refused;
mod stage;

use std::path::PathBuf;

use crate::ext;
use crate::failure::Result;
use crate::folders::Folders;
use crate::toolchain::Tools;
pub(crate) use kernel::Flavor;

/// Builds the image of `flavor`; returns the disk.
///
/// # Errors
/// If a part cannot be built: which, after cargo has said why.
pub(crate) fn image(tools: &Tools, folders: &Folders, flavor: Flavor) -> Result<PathBuf> {
    let key = ext::keys::public_key_hex(folders)?;
    let kernel = kernel::build(tools, folders, flavor, &key)?;
    let mut packages = packages(tools, folders, flavor)?;
    packages.extend(programs::build(tools, folders)?);
    let ramdisk = ramdisk::tar(&packages)?;
    let writer = loader::build(tools, folders)?;
    stage::disk(&folders.built().join("image").join(flavor.name()), &kernel, &ramdisk, &writer)
}

fn packages(tools: &Tools, folders: &Folders, flavor: Flavor) -> Result<Vec<PathBuf>> {
    let attempt = ext::attempt(folders, tools, &ext::Variant::all(folders)?)?;
    match flavor {
        Flavor::Plain => Ok(attempt.what_was_built()),
        Flavor::Test => {
            let mut packages = attempt.all_or_nothing()?;
            packages.extend(only_for_tests(tools, folders)?);
            Ok(packages)
        }
    }
}

/// Packages that the in-kernel tests load beside the real ones: one that panics, those that must
/// be refused, and those whose Wasm goes wrong.
fn only_for_tests(tools: &Tools, folders: &Folders) -> Result<Vec<PathBuf>> {
    let variants = [("hello", &[][..], "hello"), ("hello", &["panic"], "hello-panic")]
        .map(|(extension, features, name)| ext::Variant::of(folders, extension, features, name));
    let variants = variants.into_iter().collect::<Result<Vec<_>>>()?;
    let mut packages = ext::build(folders, tools, &variants)?;
    let key = ext::keys::Key::of(folders)?;
    let refused = refused::packages(&folders.built().join("refused"), &packages[0], &key)?;
    packages.remove(0);
    packages.extend(refused);
    packages.extend(bad_wasm::packages(&folders.built().join("bad-wasm"))?);
    Ok(packages)
}
