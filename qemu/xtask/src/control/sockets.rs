//! Which kernels run: each has a socket, named after the process that started it.
//!
//! *Invariants*: INV-CTL-5: a socket whose process has ended is never chosen, and is removed when it is met.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

use crate::failure::{Failure, Result};
use crate::folders::{self, Folders};

const SUFFIX: &str = "socket";
/// What lies beside a socket: who speaks to the kernel.
const LOCK_SUFFIX: &str = "lock";

/// The socket of a machine that this process starts. Removed when dropped.
#[derive(Debug)]
pub(crate) struct Socket(PathBuf);

impl Socket {
    /// Makes the place for it; what ended machines have left there goes.
    pub(crate) fn new(folders: &Folders) -> Result<Self> {
        let folder = folder(folders);
        folders::create(&folder)?;
        // To look removes what is stale.
        let _ = running(&folder);
        Ok(Self(folder.join(format!("{}.{SUFFIX}", std::process::id()))))
    }

    /// Where the machine is to listen.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

/// The lock beside a socket.
pub(super) fn lock_of(socket: &Path) -> PathBuf {
    socket.with_extension(LOCK_SUFFIX)
}

/// The socket that was asked for, or those of all kernels, the newest last.
///
/// # Errors
/// If none is there.
pub(super) fn candidates(folders: &Folders, asked: Option<&Path>) -> Result<Vec<PathBuf>> {
    if let Some(socket) = asked {
        let is_there = socket.exists().then(|| vec![socket.to_owned()]);
        return is_there.ok_or_else(|| nobody(&format!("there is no socket {}", socket.display())));
    }
    let folder = folder(folders);
    let running = running(&folder);
    if running.is_empty() {
        return Err(nobody(&format!("no socket in {}", folder.display())));
    }
    Ok(running)
}

/// What to say where no kernel is.
pub(super) fn nobody(why: &str) -> Failure {
    Failure::new("no kernel is running").because(why).next("cargo xtask run   (in another terminal)")
}

fn folder(folders: &Folders) -> PathBuf {
    folders.built().join("control")
}

/// The sockets of kernels whose processes live, the newest last. Others are removed.
fn running(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != SUFFIX) {
            continue;
        }
        match entry.metadata().and_then(|metadata| metadata.modified()) {
            Ok(made) if process_lives(&path) => found.push((made, path)),
            _ => remove(&path),
        }
    }
    found.sort();
    found.into_iter().map(|(_, path)| path).collect()
}

fn process_lives(socket: &Path) -> bool {
    let number = socket.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
    // Somebody else's process may not be asked, and lives.
    number.and_then(Pid::from_raw).is_some_and(|pid| test_kill_process(pid) != Err(Errno::SRCH))
}

fn remove(socket: &Path) {
    // Whoever else met it may have been first.
    let _ = std::fs::remove_file(socket);
    let _ = std::fs::remove_file(lock_of(socket));
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::running;

    #[test]
    fn the_newest_living_one_comes_last_and_dead_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let own = std::process::id();
        let parent = std::os::unix::process::parent_id();
        let make = |name: String, age_s| {
            let path = folder.path().join(name);
            let file = fs::File::create(&path).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(age_s)).unwrap();
            path
        };
        let newest = make(format!("{own}.socket"), 1);
        let older = make(format!("{parent}.socket"), 100);
        // No process has the largest number that there is.
        let dead = [make(format!("{}.socket", i32::MAX), 0), make(format!("{}.lock", i32::MAX), 0)];
        let other = make("README".to_owned(), 0);
        assert_eq!(running(folder.path()), [older, newest]);
        assert!(dead.iter().all(|path| !path.exists()) && other.exists());
    }

    #[test]
    fn without_a_folder_nobody_runs() {
        assert!(running(&std::env::temp_dir().join("there is no such folder")).is_empty());
    }
}
