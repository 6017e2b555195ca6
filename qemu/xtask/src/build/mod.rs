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
    let packages = ext::build_all(folders, tools)?;
    let ramdisk = ramdisk::tar(&packages)?;
    let writer = loader::build(tools, folders)?;
    stage::disk(&folders.built().join("image").join(flavor.name()), &kernel, &ramdisk, &writer)
}
