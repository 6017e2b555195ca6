//! Why a line is no record: which one, what was found, and what would be right.

use core::fmt;

use super::reader::key_fields;
use crate::{Error, KeyKind};

/// A line that cannot be read. Who wrote it mends it: the macros never write such a line, a human may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordError<'a> {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: Reason<'a>,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason<'a> {
    /// The text ends without a line feed: end the line, or find out what cut it short.
    Unterminated,
    /// A byte is a control character or no UTF-8.
    Byte {
        /// The byte.
        found: u8,
    },
    /// The line starts with another word than those of records.
    Unknown {
        /// The word.
        word: &'a str,
    },
    /// After `extension` there is something else than `NAME VERSION sdk TEXT`.
    Identity {
        /// What there is.
        found: &'a str,
    },
    /// Where the number of a row should be there is none.
    Index {
        /// The word before it.
        after: &'a str,
        /// What there is.
        found: &'a str,
    },
    /// Between a handler's number and its schema stands a word that is no option.
    UnknownOption {
        /// The word.
        found: &'a str,
    },
    /// An option that contradicts an earlier one, or repeats it.
    Contradiction {
        /// The option.
        option: &'a str,
    },
    /// Where a schema should be there is none.
    Schema {
        /// The word that it should start with: `fn` or `event`.
        kind: &'static str,
        /// What there is.
        found: &'a str,
    },
    /// After `where` and a number there is something else than `FIELD = NUMBER`, `FIELD = NUMBER..=NUMBER` or `FIELD = "WORD"`.
    Condition {
        /// What there is.
        found: &'a str,
    },
    /// The event has no key of this name.
    NoSuchKey {
        /// The name.
        field: &'a str,
        /// The event's schema.
        schema: &'a str,
    },
    /// The value is of another kind than the key.
    KeyKind {
        /// The key's name.
        field: &'a str,
        /// The kind that it has.
        wanted: KeyKind,
    },
    /// No number is in the range.
    EmptyRange {
        /// Where it starts.
        from: u64,
        /// Where it ends.
        to: u64,
    },
    /// The word asked for is longer than [`Key::MAX_WORD_BYTES`](crate::Key::MAX_WORD_BYTES).
    WordTooLong {
        /// How long it is, in bytes.
        bytes: usize,
    },
}

impl fmt::Display for RecordError<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}: {}", self.line, self.reason)
    }
}

impl fmt::Display for Reason<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Unterminated => out.write_str("it does not end with a line feed"),
            Self::Byte { found } => write!(out, "the byte {found:#04x} is a control character or no UTF-8"),
            Self::Unknown { word } => write!(
                out,
                "it starts with `{word}`, not with `extension`, `import`, `handler`, `where`, `default`, `result`, \
                 `guard`, `impose` or `#`"
            ),
            Self::Identity { found } => expected(out, "extension NAME VERSION sdk TEXT", found),
            Self::Index { after, found } => {
                write!(out, "expected the number of a row after `{after}`, found `{found}`")
            }
            Self::UnknownOption { found } => {
                expected(out, "first, last, cancel, async, guard NUMBER, or event SCHEMA", found)
            }
            Self::Contradiction { option } => {
                write!(
                    out,
                    "`{option}` repeats an option or contradicts one: a handler has one place and one guard"
                )
            }
            Self::Schema { kind: "fn", found } => {
                expected(out, "fn INTERFACE.NAME(ARGUMENTS) -> TYPE", found)
            }
            Self::Schema { found, .. } => expected(out, "event INTERFACE.NAME(ARGUMENTS) -> TYPE", found),
            Self::Condition { found } => {
                expected(out, "FIELD = NUMBER, FIELD = NUMBER..=NUMBER, or FIELD = \"WORD\"", found)
            }
            Self::EmptyRange { from, to } => Error::EmptyRange { from, to }.fmt(out),
            Self::NoSuchKey { field, schema } => no_such_key(out, field, schema),
            Self::KeyKind { field, wanted: KeyKind::Integer } => {
                write!(out, "the key `{field}` is a number: write it without quotes")
            }
            Self::KeyKind { field, wanted: KeyKind::Word } => {
                write!(out, "the key `{field}` is a word: write it in quotes")
            }
            Self::WordTooLong { bytes } => Error::WordTooLong { bytes }.fmt(out),
        }
    }
}

fn expected(out: &mut fmt::Formatter<'_>, form: &str, found: &str) -> fmt::Result {
    write!(out, "expected `{form}`, found `{found}`")
}

fn no_such_key(out: &mut fmt::Formatter<'_>, field: &str, schema: &str) -> fmt::Result {
    write!(out, "`{field}` is not a key of the event; ")?;
    let mut keys = key_fields(schema).peekable();
    if keys.peek().is_none() {
        return out.write_str("it has none");
    }
    out.write_str("its keys are:")?;
    keys.try_for_each(|(name, _)| write!(out, " {name}"))
}

impl core::error::Error for RecordError<'_> {}
