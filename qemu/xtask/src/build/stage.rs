//! A disk image beside copies of what it was made from, so that it is made again only when one of them changed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::folders;

/// Returns the disk in `folder`, writing it if a part differs from the one it was made from.
pub(crate) fn disk(folder: &Path, kernel: &Path, ramdisk: &[u8], writer: &Path) -> Result<PathBuf> {
    let disk = folder.join("disk.img");
    let parts = [
        (folder.join("kernel.elf"), folders::read(kernel)?),
        (folder.join("ramdisk.tar"), ramdisk.to_vec()),
        (folder.join("writer"), folders::read(writer)?),
    ];
    if disk.is_file()
        && parts.iter().all(|(path, bytes)| std::fs::read(path).is_ok_and(|held| held == *bytes))
    {
        return Ok(disk);
    }
    folders::create(folder)?;
    // A disk beside parts that are not its own must not be left if the writer fails.
    let _ = std::fs::remove_file(&disk);
    for (path, bytes) in &parts {
        folders::write(path, bytes)?;
    }
    let [(kernel, _), (ramdisk, _), _] = &parts;
    write(writer, kernel, ramdisk, &disk)?;
    Ok(disk)
}

fn write(writer: &Path, kernel: &Path, ramdisk: &Path, disk: &Path) -> Result<()> {
    let failure = || Failure::new("the disk image could not be written");
    let status = Command::new(writer).args([kernel, ramdisk, disk]).status();
    let status = status.map_err(|error| failure().because(error))?;
    if status.success() {
        Ok(())
    } else {
        Err(failure().because(format_args!("the writer ended with {status}")))
    }
}

#[cfg(test)]
mod tests {
    use super::disk;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    /// Plays the writer: notes that it ran, and copies the kernel.
    fn writer(folder: &Path) -> std::path::PathBuf {
        let writer = folder.join("w.sh");
        let script = format!("#!/bin/sh\necho ran >> {}\ncp $1 $3\n", folder.join("runs").display());
        std::fs::write(&writer, script).unwrap();
        std::fs::set_permissions(&writer, std::fs::Permissions::from_mode(0o755)).unwrap();
        writer
    }

    fn runs(folder: &Path) -> usize {
        std::fs::read_to_string(folder.join("runs")).unwrap_or_default().lines().count()
    }

    #[test]
    fn the_disk_is_written_again_only_for_another_part() {
        let scratch = tempfile::tempdir().unwrap();
        let (writer, kernel) = (writer(scratch.path()), scratch.path().join("kernel"));
        let stage = scratch.path().join("image/plain");
        for (contents, ramdisk, expected_runs) in
            [("k1", "r1", 1), ("k1", "r1", 1), ("k2", "r1", 2), ("k2", "r2", 3)]
        {
            std::fs::write(&kernel, contents).unwrap();
            let made = disk(&stage, &kernel, ramdisk.as_bytes(), &writer).unwrap();
            assert_eq!(std::fs::read_to_string(made).unwrap(), contents);
            assert_eq!(runs(scratch.path()), expected_runs);
        }
    }

    #[test]
    fn a_writer_that_fails_leaves_no_disk() {
        let scratch = tempfile::tempdir().unwrap();
        let kernel = scratch.path().join("kernel");
        let good = writer(scratch.path());
        std::fs::write(&kernel, "k1").unwrap();
        disk(scratch.path(), &kernel, b"r", &good).unwrap();
        std::fs::write(&kernel, "k2").unwrap();
        assert!(disk(scratch.path(), &kernel, b"r", Path::new("/bin/false")).is_err());
        assert!(!scratch.path().join("disk.img").exists());
    }
}
