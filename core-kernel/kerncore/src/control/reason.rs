//! Why the kernel ends a conversation.

use core::fmt;

use serde::{Deserialize, Serialize};
use spindle_abi::package::MAX_PACKAGE_BYTES;

use super::{FrameFault, MAX_LINE_BYTES, MAX_NAME_BYTES, SILENCE_NS};

/// Why the kernel ends a conversation. To go on, the host says hello again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// What came was no frame.
    Frame(FrameFault),
    /// The frame holds no request that this version knows. Build both sides from the same sources.
    UnknownRequest,
    /// A request before any hello. Say hello first.
    NoHello,
    /// A request other than the next part of the upload that is under way. Finish it, or say hello again.
    WhileUploading,
    /// A request while a command runs. Wait until it is done.
    WhileRunning,
    /// A part of an upload while none is under way. Begin one.
    NoUpload,
    /// A line that is longer than the kernel takes.
    LineTooLong {
        /// Its length in bytes.
        length: u32,
    },
    /// A line with a control character, such as a line end. Send one line at a time.
    LineNotPlain,
    /// A name that is empty, too long, or has a control character.
    BadName,
    /// A package longer than any that is loaded.
    TooLarge {
        /// Its length in bytes.
        length: u32,
    },
    /// The kernel heap has no room for the package. Unload something.
    OutOfMemory {
        /// The package's length in bytes.
        length: u32,
    },
    /// A chunk that does not continue the upload.
    WrongOffset {
        /// How many bytes are there.
        expected: u32,
        /// Where the chunk says that it belongs.
        found: u32,
    },
    /// A chunk without a byte, or beyond the length that was announced.
    WrongChunk {
        /// How many bytes are still to come.
        left: u32,
        /// How many the chunk has.
        found: u32,
    },
    /// The end of an upload, before all of it was there.
    Incomplete {
        /// How many bytes are there.
        received: u32,
        /// How many were announced.
        length: u32,
    },
    /// The package is not the one that was announced: its hash is another.
    WrongHash,
    /// Nothing came of an upload for [`SILENCE_NS`].
    Silence,
    /// The host did not read what the kernel said.
    NotRead,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(fault) => fault.fmt(f),
            Self::UnknownRequest => f.write_str("a request that this kernel does not know"),
            Self::NoHello => f.write_str("a request before any hello"),
            Self::WhileUploading => f.write_str("a request in the middle of an upload"),
            Self::WhileRunning => f.write_str("a request while a command runs"),
            Self::NoUpload => f.write_str("a part of an upload that was never begun"),
            Self::LineTooLong { length } => {
                write!(f, "a line of {length} bytes; at most {MAX_LINE_BYTES} are taken")
            }
            Self::LineNotPlain => f.write_str("a line with a line end or another control character"),
            Self::BadName => {
                write!(f, "a name that is empty, longer than {MAX_NAME_BYTES} bytes, or not plain")
            }
            Self::TooLarge { length } => {
                write!(f, "a package of {length} bytes; at most {MAX_PACKAGE_BYTES} are taken")
            }
            Self::OutOfMemory { length } => write!(f, "the kernel heap has no room for {length} bytes"),
            Self::WrongOffset { expected, found } => {
                write!(f, "a chunk for offset {found}, where {expected} comes next")
            }
            Self::WrongChunk { left, found } => {
                write!(f, "a chunk of {found} bytes, where {left} are still to come")
            }
            Self::Incomplete { received, length } => {
                write!(f, "the end of an upload after {received} of {length} bytes")
            }
            Self::WrongHash => f.write_str("a package that was altered on the way (its hash is another)"),
            Self::Silence => write!(f, "no more of the upload for {} s", SILENCE_NS / 1_000_000_000),
            Self::NotRead => f.write_str("the kernel's answer was not read in time"),
        }
    }
}
