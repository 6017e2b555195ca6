//! What the two sides say. The order of the variants is what is on the line: new ones go last.

use serde::{Deserialize, Serialize};

use super::Reason;

/// What the host says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request<'a> {
    /// Begins a conversation. Whatever was under way in another one is dropped.
    Hello {
        /// A number that the answer repeats: answers before it were meant for somebody else.
        conversation: u32,
    },
    /// Runs a line of the console. Answered by output and [`Answer::Done`].
    Run {
        /// The line without its end, at most [`MAX_LINE_BYTES`](super::MAX_LINE_BYTES).
        line: &'a str,
    },
    /// Begins the upload of a package. Answered by [`Answer::Received`].
    Begin {
        /// What the kernel's log is to call it, at most [`MAX_NAME_BYTES`](super::MAX_NAME_BYTES).
        name: &'a str,
        /// Length of the package.
        length: u32,
        /// The first 16 bytes of its SHA-256.
        hash: [u8; 16],
        /// Whether a loaded extension of the same name makes room for it.
        replace: bool,
    },
    /// The next bytes of the package. Answered by [`Answer::Received`].
    Chunk {
        /// Where they belong: how many bytes were sent before.
        offset: u32,
        /// At least one, at most [`CHUNK_BYTES`](super::CHUNK_BYTES).
        bytes: &'a [u8],
    },
    /// The package is complete: load it. Answered by output and [`Answer::Done`].
    End,
}

/// What the kernel says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer<'a> {
    /// The conversation has begun.
    Welcome {
        /// The number that the hello had.
        conversation: u32,
        /// Which kernel answers.
        kernel: &'a str,
    },
    /// A piece of what the command prints; it may end in the middle of a character.
    Output {
        /// The text, with `\n` at the ends of lines.
        text: &'a [u8],
    },
    /// So much of the upload is there.
    Received {
        /// Number of bytes.
        length: u32,
    },
    /// The command, or the load, has ended.
    Done {
        /// Whether it did what it was asked.
        succeeded: bool,
    },
    /// The conversation has ended without success; the next hello begins another one.
    Refused {
        /// Why.
        reason: Reason,
    },
}

impl<'a> Request<'a> {
    /// Reads the payload of a frame; `None` if it is no request, or has something after it.
    #[must_use]
    pub fn parse(payload: &'a [u8]) -> Option<Self> {
        whole(payload)
    }
}

impl<'a> Answer<'a> {
    /// Reads the payload of a frame; `None` if it is no answer, or has something after it.
    #[must_use]
    pub fn parse(payload: &'a [u8]) -> Option<Self> {
        whole(payload)
    }
}

fn whole<'a, T: Deserialize<'a>>(payload: &'a [u8]) -> Option<T> {
    let (message, rest) = postcard::take_from_bytes(payload).ok()?;
    rest.is_empty().then_some(message)
}
