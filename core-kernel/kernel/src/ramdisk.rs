//! The ramdisk: an archive of packages that the boot image carries.

use crate::boot;
use alloc::string::String;
use tar_no_std::TarArchiveRef;

/// What a package's file name ends in.
const SUFFIX: &str = ".ext";

/// Every package: the extension's name, and the file's bytes. Nothing if the ramdisk is not an archive.
pub(crate) fn packages() -> impl Iterator<Item = (String, &'static [u8])> {
    let archive = TarArchiveRef::new(boot::ramdisk()).ok();
    archive.into_iter().flat_map(|archive| archive.entries()).filter_map(|entry| {
        let file_name = entry.filename();
        let name = file_name.as_str().ok()?.strip_suffix(SUFFIX)?;
        Some((String::from(name), entry.data()))
    })
}

/// The bytes of the package of the extension `name`.
pub(crate) fn package(name: &str) -> Option<&'static [u8]> {
    packages().find(|(package, _)| package == name).map(|(_, bytes)| bytes)
}
