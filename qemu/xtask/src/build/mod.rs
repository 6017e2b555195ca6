//! Builds what is booted: kernel, packages, ramdisk, disk image.
//!
//! ```text
//!  kernel  --cargo--> kernel.elf -+
//!  extensions --ext-> *.ext --tar-> ramdisk.tar -+--> spindle-image --> disk.img
//! ```
//!
//! *Interface*: [`image`] returns an image that is up to date; nothing is done where nothing changed.
//!
//! *Not here*: extensions (`ext/`), the programs used (`toolchain/`).

mod bare_metal;
mod kernel;
mod loader;
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
    let mut packages = ext::build_all(folders, tools)?;
    if flavor == Flavor::Test {
        packages.extend(only_for_tests(tools, folders)?);
    }
    let ramdisk = ramdisk::tar(&packages)?;
    let writer = loader::build(tools, folders)?;
    stage::disk(&folders.built().join("image").join(flavor.name()), &kernel, &ramdisk, &writer)
}

/// Packages that the in-kernel tests load beside the real ones: one that panics, and those that must be refused.
fn only_for_tests(tools: &Tools, folders: &Folders) -> Result<Vec<PathBuf>> {
    let variants = [("hello", &[][..], "hello"), ("hello", &["panic"], "hello-panic")]
        .map(|(extension, features, name)| ext::Variant::of(folders, extension, features, name));
    let variants = variants.into_iter().collect::<Result<Vec<_>>>()?;
    let mut packages = ext::build(folders, tools, &variants)?;
    let key = ext::keys::Key::of(folders)?;
    let refused = refused::packages(&folders.built().join("refused"), &packages[0], &key)?;
    packages.remove(0);
    packages.extend(refused);
    Ok(packages)
}
