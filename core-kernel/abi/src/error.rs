//! What can go wrong with the vocabulary itself.

use core::fmt;

/// Why a key or a handler was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// A word key is longer than [`Key::MAX_WORD_BYTES`](crate::Key::MAX_WORD_BYTES). The handler's author
    /// shortens it.
    WordTooLong {
        /// How long it is, in bytes.
        bytes: usize,
    },
    /// A handler was given the frame of another event. The caller raised the wrong event: a bug on its side.
    WrongEvent {
        /// The event that the handler handles.
        handled: &'static str,
        /// The event that was raised.
        raised: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WordTooLong { bytes } => {
                write!(out, "a word key of {bytes} bytes: at most {} are allowed", crate::Key::MAX_WORD_BYTES)
            }
            Self::WrongEvent { handled, raised } => {
                write!(out, "a handler of {handled} was given a frame of {raised}")
            }
        }
    }
}

impl core::error::Error for Error {}
