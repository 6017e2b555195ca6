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
    /// A handler asks for more key fields than an event can have. Its author drops one, and tests it in the handler.
    TooManyTerms,
    /// A handler asks one key field for two things. Its author drops one, or makes a range of both.
    KeyTwice {
        /// The key field, an index into the event's.
        field: usize,
    },
    /// A range that no number is in. The handler's author exchanges its ends.
    EmptyRange {
        /// Where it starts.
        from: u64,
        /// Where it ends, itself included.
        to: u64,
    },
    /// A handler was given the frame of another event. The caller raised the wrong event: a bug on its side.
    WrongEvent {
        /// The event that the handler handles.
        handled: &'static str,
        /// The event that was raised.
        raised: &'static str,
    },
    /// A row was used as what it is not: a guard called as a handler, say. A bug on the caller's side.
    WrongRole {
        /// The role that it has.
        role: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WordTooLong { bytes } => {
                write!(out, "a word key of {bytes} bytes: at most {} are allowed", crate::Key::MAX_WORD_BYTES)
            }
            Self::TooManyTerms => {
                write!(out, "a handler asks for {} key fields at most", crate::KeyField::MAX_PER_EVENT)
            }
            Self::KeyTwice { field } => write!(out, "key field {field} is asked for two things"),
            Self::EmptyRange { from, to } => write!(out, "no number is in {from}..={to}"),
            Self::WrongEvent { handled, raised } => {
                write!(out, "a handler of {handled} was given a frame of {raised}")
            }
            Self::WrongRole { role } => write!(out, "a {role} row was used as something else"),
        }
    }
}

impl core::error::Error for Error {}
