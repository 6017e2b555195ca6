//! Runs a machine unattended: its serial line is logged and handed on line by line, its time is limited.
//!
//! ```text
//!  QEMU --stdout--> reading thread --channel--> capture(): log file, observer
//!                                                  |  nothing in time?
//!                                                  +--> kill
//! ```

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::children::OwnedChild;
use crate::outcome::{Ending, Limit};
use crate::{Error, Outcome};

/// How long an ended machine's last complaints may be under way.
const GRACE: Duration = Duration::from_secs(1);

/// How long a machine may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From start to end.
    pub total: Duration,
    /// Between two lines.
    pub silence: Duration,
}

/// What is known of a machine that has ended.
#[derive(Clone, Debug)]
pub struct Capture {
    /// How it ended.
    pub ending: Ending,
    /// What the program itself, not the guest, complained of; empty if that was shown.
    pub complaints: String,
    /// From start to end.
    pub took: Duration,
}

impl Capture {
    /// How the machine ended, if it was a QEMU.
    pub fn outcome(&self) -> Outcome {
        Outcome::of(self.ending)
    }
}

/// What becomes of standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complaints {
    /// It is kept, and appended to the log.
    Kept,
    /// It is the human's.
    Shown,
}

/// Runs `command` to its end or its limits; every line of its output goes to the file `log` and to `observe`.
///
/// # Errors
/// See [`Error`]. A guest that fails or hangs is not an error but an [`Outcome`].
pub fn capture(
    command: &mut Command,
    limits: Limits,
    log: &Path,
    complaints: Complaints,
    mut observe: impl FnMut(&str),
) -> Result<Capture, Error> {
    let mut log = Log::create(log)?;
    let started = Instant::now();
    command.stdin(Stdio::null()).stderr(match complaints {
        Complaints::Kept => Stdio::piped(),
        Complaints::Shown => Stdio::inherit(),
    });
    let mut child = OwnedChild::start(command)?;
    let lines = child.child().stdout.take().map(read_lines).expect("standard output is piped at the start");
    let complaints = child.child().stderr.take().map(read_all);
    let limit = follow(&lines, limits, started, |line| {
        observe(&printable(line));
        log.write(line)
    })?;
    let ending = end(&mut child, limit, started + limits.total, limits.total)?;
    let complaints = complaints.and_then(|all| all.recv_timeout(GRACE).ok()).unwrap_or_default();
    log.write(complaints.as_bytes())?;
    Ok(Capture { ending, complaints, took: started.elapsed() })
}

/// Hands on lines until the output ends (`None`) or a limit is exceeded.
fn follow(
    lines: &Receiver<Vec<u8>>,
    limits: Limits,
    started: Instant,
    mut take: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<Option<Limit>, Error> {
    loop {
        let left = limits.total.saturating_sub(started.elapsed());
        match lines.recv_timeout(left.min(limits.silence)) {
            Ok(line) => take(&line)?,
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) if left <= limits.silence => {
                return Ok(Some(Limit::Total(limits.total)));
            }
            Err(RecvTimeoutError::Timeout) => return Ok(Some(Limit::Silence(limits.silence))),
        }
    }
}

/// Kills a child that exceeded a limit; else waits for it, since it may close its output and go on.
fn end(child: &mut OwnedChild, limit: Option<Limit>, by: Instant, total: Duration) -> Result<Ending, Error> {
    let status = if limit.is_none() { child.wait_until(by)? } else { None };
    if let Some(status) = status {
        return Ok(Ending::Exited(status));
    }
    child.kill();
    child.wait()?;
    Ok(Ending::Hung(limit.unwrap_or(Limit::Total(total))))
}

/// Sends each line with its end; the last one may lack it.
fn read_lines(output: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            if sender.send(std::mem::take(&mut line)).is_err() {
                break;
            }
        }
    });
    receiver
}

/// Sends everything at the end; by a channel and not by `join`, for a grandchild may keep the pipe open.
fn read_all(mut from: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut all = Vec::new();
        // What was read before an error is still what QEMU said; nobody waiting for it any more is no error.
        let _ = from.read_to_end(&mut all);
        let _ = sender.send(String::from_utf8_lossy(&all).into_owned());
    });
    receiver
}

fn printable(line: &[u8]) -> String {
    String::from_utf8_lossy(line).trim_end_matches(['\r', '\n']).to_owned()
}

struct Log<'a> {
    path: &'a Path,
    file: File,
}

impl<'a> Log<'a> {
    fn create(path: &'a Path) -> Result<Self, Error> {
        let failed = |cause: io::Error| Error::Log { path: path.to_owned(), cause };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        Ok(Self { path, file: File::create(path).map_err(failed)? })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).map_err(|cause| Error::Log { path: self.path.to_owned(), cause })
    }
}

#[cfg(test)]
mod tests;
