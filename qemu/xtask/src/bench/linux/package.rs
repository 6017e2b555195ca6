//! Debian's cloud kernel, taken out of its package: nothing is installed, and nobody has to be root.
//!
//! ```text
//!  linux-image-cloud-amd64 --depends on--> linux-image-6.1.0-56-cloud-amd64, of some version
//!        --apt-get download--> a package --dpkg-deb--> an archive --its one file boot/vmlinuz-*--> kept by version
//! ```

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use spindle_runner::{Complaints, Ending, capture};

use crate::boot::limits;
use crate::failure::{Failure, Result};
use crate::folders;
use crate::progress::Spinner;

/// The package that always depends on the newest kernel for virtual machines.
const NEWEST: &str = "linux-image-cloud-amd64";
const DOWNLOAD_S: u64 = 600;

/// The newest kernel that the package lists know, kept below `folder`: its package's name with its version, and the file.
pub(super) fn newest(folder: &Path) -> Result<(String, PathBuf)> {
    let depends = ask(Command::new("apt-cache").args(["depends", NEWEST]))?;
    let package = image_package(&depends).ok_or_else(|| unknown(NEWEST))?;
    let uris = ask(Command::new("apt-get").args(["download", "--print-uris", package]))?;
    let file = file_name(&uris).ok_or_else(|| unknown(package))?;
    let name = file.trim_end_matches(".deb");
    let kernel = folder.join(name).join("vmlinuz");
    if !kernel.is_file() {
        fetch(folder, package, file, &kernel)?;
    }
    Ok((readable(name), kernel))
}

/// Downloads the package and keeps its kernel only.
fn fetch(folder: &Path, package: &str, file: &str, kernel: &Path) -> Result<()> {
    download(folder, package, file)?;
    let package = folder.join(file);
    let bytes = unpack(&package)?;
    folders::create(kernel.parent().unwrap_or(folder))?;
    // Under its own name only when it is whole.
    let part = kernel.with_extension("part");
    folders::write(&part, &bytes)?;
    std::fs::rename(&part, kernel)
        .map_err(|error| Failure::new("Linux's kernel cannot be put in its place").because(error))?;
    // It served its purpose; left behind it only takes room.
    let _ = std::fs::remove_file(package);
    Ok(())
}

fn download(folder: &Path, package: &str, file: &str) -> Result<()> {
    let _spinner = Spinner::new(&format!("downloading {package}"));
    let mut apt = Command::new("apt-get");
    apt.args(["download", package]).env("LC_ALL", "C").current_dir(folder);
    let limits = limits(DOWNLOAD_S, DOWNLOAD_S);
    let ended = capture(&mut apt, limits, &folder.join("download.log"), Complaints::Kept, |_| ())?;
    if matches!(ended.ending, Ending::Exited(status) if status.success()) && folder.join(file).is_file() {
        return Ok(());
    }
    let why = ended.complaints.lines().filter(|line| line.starts_with("E: ")).collect::<Vec<_>>().join("\n");
    let failure = Failure::new(format_args!("the package {package} cannot be downloaded"));
    Err(advise(failure.because(if why.is_empty() { "apt-get gave up without a word" } else { &why })))
}

/// The contents of `boot/vmlinuz-*`.
fn unpack(package: &Path) -> Result<Vec<u8>> {
    let failure = || Failure::new(format_args!("{} cannot be unpacked", package.display()));
    let started = Command::new("dpkg-deb").arg("--fsys-tarfile").arg(package).stdout(Stdio::piped()).spawn();
    let mut child = started.map_err(|error| failure().because(format_args!("dpkg-deb: {error}")))?;
    let mut archive = child.stdout.take().expect("standard output was asked for as a pipe");
    let found = kernel_in(&mut archive).map_err(|error| failure().because(error));
    // The rest is read to the end, or dpkg-deb would complain that nobody wants it. What ails it shows below.
    let _ = std::io::copy(&mut archive, &mut std::io::sink());
    let status = child.wait().map_err(|error| failure().because(error))?;
    let kernel = found?.ok_or_else(|| failure().because("it has no boot/vmlinuz-*"))?;
    if status.success() {
        Ok(kernel)
    } else {
        Err(failure().because(format_args!("dpkg-deb ended with {status}")))
    }
}

fn kernel_in(archive: impl Read) -> std::io::Result<Option<Vec<u8>>> {
    for entry in tar::Archive::new(archive).entries()? {
        let mut entry = entry?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if path.trim_start_matches("./").starts_with("boot/vmlinuz-") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}

/// What a program of apt answers, in the language that this file reads.
fn ask(command: &mut Command) -> Result<String> {
    let output = command.env("LC_ALL", "C").stdin(Stdio::null()).output();
    let output = output.map_err(|error| no_apt(&command.get_program().to_string_lossy(), &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(advise(Failure::new("apt does not know Linux's kernel").because(complaint)))
}

fn no_apt(program: &str, error: &std::io::Error) -> Failure {
    let failure = Failure::new("Linux's kernel cannot be fetched, for there is no apt here");
    failure.because(format_args!("{program}: {error}")).next(BY_HAND)
}

fn unknown(package: &str) -> Failure {
    advise(
        Failure::new("apt does not know Linux's kernel")
            .because(format_args!("its lists do not say what the package {package} is")),
    )
}

fn advise(failure: Failure) -> Failure {
    failure.next("sudo apt-get update   (and a network)").next(BY_HAND)
}

const BY_HAND: &str = "cargo xtask bench --linux=FILE   (the vmlinuz of any Linux 6.1 or newer)";

/// The kernel's own package among the dependencies.
fn image_package(depends: &str) -> Option<&str> {
    depends
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Depends: "))
        .find(|name| name.starts_with("linux-image-"))
}

/// The file in `'URI' FILE SIZE HASH`.
fn file_name(uris: &str) -> Option<&str> {
    uris.lines()
        .find(|line| line.starts_with('\''))?
        .split_whitespace()
        .nth(1)
        .filter(|name| !name.contains('/'))
}

/// A package's file name as words: `linux-image-6.1.0-56-cloud-amd64 6.1.192-2`.
fn readable(name: &str) -> String {
    let mut parts = name.split('_');
    let (package, version) = (parts.next().unwrap_or(name), parts.next().unwrap_or_default());
    format!("{package} {}", version.replace("%3a", ":")).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{ask, file_name, image_package, kernel_in, readable, unknown};
    use std::process::Command;

    #[test]
    fn the_newest_kernel_is_what_the_package_depends_on() {
        let depends = "linux-image-cloud-amd64\n  Depends: linux-base\n  Depends: linux-image-6.1.0-56-cloud-amd64\n  Suggests: x\n";
        assert_eq!(image_package(depends), Some("linux-image-6.1.0-56-cloud-amd64"));
        assert_eq!(image_package("linux-image-cloud-amd64\n"), None);
    }

    #[test]
    fn the_version_is_in_the_file_s_name() {
        let uris = "'http://h/pool/l/linux-image-6.1.0-56-cloud-amd64_6.1.192-2_amd64.deb' linux-image-6.1.0-56-cloud-amd64_6.1.192-2_amd64.deb 26713492 SHA256:e7\n";
        assert_eq!(file_name(uris), Some("linux-image-6.1.0-56-cloud-amd64_6.1.192-2_amd64.deb"));
        assert_eq!(file_name("'http://h/x.deb' ../x.deb 1 SHA256:e7"), None);
        assert_eq!(file_name(""), None);
        assert_eq!(
            readable("linux-image-6.1.0-56-cloud-amd64_6.1.192-2_amd64"),
            "linux-image-6.1.0-56-cloud-amd64 6.1.192-2"
        );
    }

    #[test]
    fn the_kernel_is_found_among_the_files_of_its_package() {
        let mut archive = tar::Builder::new(Vec::new());
        for (path, contents) in
            [("./boot/config-6.1", "no"), ("./boot/vmlinuz-6.1", "kernel"), ("./lib/x", "no")]
        {
            let mut header = tar::Header::new_gnu();
            header.set_size(contents.len() as u64);
            archive.append_data(&mut header, path, contents.as_bytes()).unwrap();
        }
        let archive = archive.into_inner().unwrap();
        assert_eq!(kernel_in(&archive[..]).unwrap().as_deref(), Some(&b"kernel"[..]));
        assert_eq!(kernel_in(&[0; 1024][..]).unwrap(), None);
    }

    #[test]
    fn without_apt_or_its_lists_the_next_step_is_named() {
        let absent = ask(&mut Command::new("/no/such/apt-cache")).unwrap_err().to_string();
        assert!(
            absent.contains("no apt here") && absent.contains("next: cargo xtask bench --linux=FILE"),
            "{absent}"
        );
        let failing = ask(Command::new("/bin/sh").args(["-c", "echo E: no lists >&2; exit 100"]));
        let failing = failing.unwrap_err().to_string();
        assert!(
            failing.contains("E: no lists") && failing.contains("next: sudo apt-get update"),
            "{failing}"
        );
        assert!(unknown("linux-image-x").to_string().contains("linux-image-x"));
    }
}
