//! What can go wrong between the host and a running kernel.

use std::path::PathBuf;
use std::time::Duration;
use std::{fmt, io};

use spindle_kerncore::control::{FrameFault, Reason, VERSION};

/// A request that was not answered as it should have been. That a command failed in the kernel is none of these.
#[derive(Debug)]
pub enum ControlError {
    /// Nobody listens at the socket. Cause: that kernel has ended. Start one.
    NobodyListens(PathBuf),
    /// The socket cannot be used. Cause: it is none, or belongs to somebody else.
    Socket {
        /// The socket.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// The kernel has ended, or its machine was switched off. Look at its console.
    Ended,
    /// The kernel said nothing for so long. Cause: it is busy with a command, or it hangs. Look at its console.
    Silent(Duration),
    /// The kernel has ended the conversation. Begin another one.
    Refused(Reason),
    /// The kernel speaks another version of the protocol. Build and start it from the same sources as this program.
    Version(u8),
    /// What the kernel said is no answer. Cause: something else writes on the line, or host and kernel were built from
    /// different sources.
    Garbled(Option<FrameFault>),
    /// The line or the package is longer than a message can be. Make it shorter.
    TooLong,
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NobodyListens(path) => write!(f, "no kernel listens at {}", path.display()),
            Self::Socket { path, cause } => {
                write!(f, "the socket {} cannot be used: {cause}", path.display())
            }
            Self::Ended => f.write_str("the kernel has ended"),
            Self::Silent(patience) => write!(
                f,
                "the kernel said nothing for {} s: it is busy with another command, or it hangs",
                patience.as_secs()
            ),
            Self::Refused(reason) => write!(f, "the kernel refused {reason}"),
            Self::Version(found) => write!(
                f,
                "the kernel speaks version {found} of the control protocol, this program version {VERSION}"
            ),
            Self::Garbled(Some(fault)) => write!(f, "the kernel sent {fault}"),
            Self::Garbled(None) => f.write_str("the kernel sent something that is no answer"),
            Self::TooLong => f.write_str("that is longer than the kernel takes"),
        }
    }
}

impl std::error::Error for ControlError {}
