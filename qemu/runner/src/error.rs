//! What can go wrong on the host's side of a run.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// A run that could not be made. What the guest did wrong is an [`Outcome`](crate::Outcome) instead.
#[derive(Debug)]
pub enum Error {
    /// The program did not start. Cause: it is not installed, or not executable. Install what the message names.
    NotStarted {
        /// The program.
        program: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// The log could not be written. Cause: the disk is full, or its folder cannot be written to. Make room.
    Log {
        /// The log file.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// The state of a running child could not be read. Cause: the host is out of processes or memory. Try again.
    Lost(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted { program, cause } => write!(f, "{} did not start: {cause}", program.display()),
            Self::Log { path, cause } => write!(f, "the log {} cannot be written: {cause}", path.display()),
            Self::Lost(cause) => write!(f, "the state of QEMU cannot be read: {cause}"),
        }
    }
}

impl std::error::Error for Error {}
