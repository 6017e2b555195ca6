//! The ramdisk: an archive of packages and user programs that the boot image carries.

use crate::boot;
use alloc::string::String;
use tar_no_std::TarArchiveRef;

/// What a package's file name ends in.
const PACKAGE_SUFFIX: &str = ".ext";
/// What a user program's file name ends in.
const PROGRAM_SUFFIX: &str = ".elf";

/// Every package: the extension's name, and the file's bytes. Nothing if the ramdisk is not an archive.
pub(crate) fn packages() -> impl Iterator<Item = (String, &'static [u8])> {
    files(PACKAGE_SUFFIX)
}

/// The bytes of the package of the extension `name`.
pub(crate) fn package(name: &str) -> Option<&'static [u8]> {
    packages().find(|(package, _)| package == name).map(|(_, bytes)| bytes)
}

/// Every user program: its name, and the file's bytes.
pub(crate) fn programs() -> impl Iterator<Item = (String, &'static [u8])> {
    files(PROGRAM_SUFFIX)
}

/// The bytes of the user program `name`.
pub(crate) fn program(name: &str) -> Option<&'static [u8]> {
    programs().find(|(program, _)| program == name).map(|(_, bytes)| bytes)
}

/// Every file whose name ends in `suffix`, by the rest of its name.
fn files(suffix: &'static str) -> impl Iterator<Item = (String, &'static [u8])> {
    let archive = TarArchiveRef::new(boot::ramdisk()).ok();
    archive.into_iter().flat_map(|archive| archive.entries()).filter_map(move |entry| {
        let file_name = entry.filename();
        let name = file_name.as_str().ok()?.strip_suffix(suffix)?;
        Some((String::from(name), entry.data()))
    })
}
