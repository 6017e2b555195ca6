//! One at a time: a machine's socket takes one host, and a second one would wait unheard.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use super::sockets::lock_of;
use crate::failure::{Failure, Result};

/// How often a lock is tried that somebody else holds.
const AGAIN: Duration = Duration::from_millis(50);

/// The right to speak to a kernel, until dropped or this process ends.
#[derive(Debug)]
pub(super) struct Turn(#[expect(dead_code, reason = "closing the file gives the lock back")] File);

/// Waits for the turn at `socket`; says once that it waits.
///
/// # Errors
/// If somebody else speaks for longer than `patience`.
pub(super) fn wait(socket: &Path, patience: Duration) -> Result<Turn> {
    let path = lock_of(socket);
    let unusable =
        |error| Failure::new(format_args!("the lock {} cannot be used", path.display())).because(error);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(unusable)?;
    let deadline = Instant::now() + patience;
    let mut said = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Turn(file)),
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => {}
            Err(TryLockError::WouldBlock) => return Err(too_long(patience)),
        }
        if !said {
            eprintln!(
                "another push or ctl speaks to this kernel; waiting for it, at most {} s",
                patience.as_secs()
            );
            said = true;
        }
        std::thread::sleep(AGAIN);
    }
}

fn too_long(patience: Duration) -> Failure {
    Failure::new(format_args!("another push or ctl has not ended within {} s", patience.as_secs()))
        .because("a kernel is spoken to by one of them at a time")
        .next("end the other one, or give this one more time: --timeout SECONDS")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::wait;

    #[test]
    fn the_second_one_goes_on_when_the_first_has_ended_and_gives_up_when_it_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("7.socket");
        let first = wait(&socket, Duration::ZERO).unwrap();
        let refused = wait(&socket, Duration::from_millis(100)).unwrap_err().to_string();
        assert!(refused.contains("--timeout"), "{refused}");
        let ends = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(200));
            drop(first);
        });
        let started = Instant::now();
        wait(&socket, Duration::from_secs(10)).unwrap();
        assert!(started.elapsed() >= Duration::from_millis(150));
        ends.join().unwrap();
    }
}
