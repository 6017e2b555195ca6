//! The ramdisk: a tar of packages, the same bytes for the same packages.

use std::path::PathBuf;

use crate::failure::{Failure, Result};
use crate::folders;

/// Packs files under their bare names, sorted.
pub(crate) fn tar(packages: &[PathBuf]) -> Result<Vec<u8>> {
    let mut packages: Vec<&PathBuf> = packages.iter().collect();
    packages.sort_by_key(|path| path.file_name());
    let mut archive = tar::Builder::new(Vec::new());
    for path in packages {
        let name = path.file_name().unwrap_or(path.as_os_str());
        let bytes = folders::read(path)?;
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o444);
        header.set_mtime(0);
        archive.append_data(&mut header, name, bytes.as_slice()).map_err(unpackable)?;
    }
    archive.into_inner().map_err(unpackable)
}

fn unpackable(error: std::io::Error) -> Failure {
    Failure::new("the ramdisk cannot be packed").because(error)
}

#[cfg(test)]
mod tests {
    use super::tar;

    #[test]
    fn the_order_and_age_of_packages_do_not_change_the_ramdisk() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a.ext", "b.ext"].map(|name| folder.path().join(name));
        let fill = || {
            paths
                .iter()
                .for_each(|path| std::fs::write(path, path.file_name().unwrap().as_encoded_bytes()).unwrap())
        };
        fill();
        let first = tar(&paths).unwrap();
        fill();
        let second = tar(&[paths[1].clone(), paths[0].clone()]).unwrap();
        assert_eq!(first, second);
        let mut archive = ::tar::Archive::new(first.as_slice());
        let names: Vec<_> =
            archive.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().into_owned()).collect();
        assert_eq!(names, [std::path::Path::new("a.ext"), std::path::Path::new("b.ext")]);
    }
}
