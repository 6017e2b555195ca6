//! Why a file was refused as a package: where, what was found, and what would be right.

use core::fmt;

use super::{FORMAT_VERSION, Field, MAX_PACKAGE_BYTES, RowError};
use crate::Fingerprint;

/// A refusal. The caller shows it, maps nothing, and goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackageError {
    /// Byte of the file where the offending value starts.
    pub offset: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong with a package. To mend any of these but the last four, build the package again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The file has no bytes: copying it went wrong.
    Empty,
    /// The file is larger than [`MAX_PACKAGE_BYTES`]: it is something else, or the extension must shrink.
    TooLarge {
        /// Length of the file in bytes.
        length: usize,
    },
    /// The file ends early: copying it was cut short.
    Truncated {
        /// Bytes that the file needs to have.
        needed: usize,
        /// Bytes that it has.
        present: usize,
    },
    /// The file starts with other bytes than a package: it is another kind of file.
    Magic {
        /// The bytes found.
        found: [u8; 8],
    },
    /// The file has a format that this version does not read: build it with the tools of this kernel.
    Version {
        /// The version found.
        found: u32,
    },
    /// A part or count is not where or what the rest of the file says it has to be.
    Value {
        /// Which value.
        field: Field,
        /// The value found.
        found: u64,
        /// The only right one.
        expected: u64,
    },
    /// A byte between two parts is not zero.
    Padding {
        /// The byte found.
        found: u8,
    },
    /// A text or list is longer than allowed.
    TooLong {
        /// Which one.
        field: Field,
        /// Bytes of the text, or members of the list.
        length: usize,
        /// The most allowed.
        limit: usize,
    },
    /// A text that must not be empty is.
    Missing {
        /// Which one.
        field: Field,
    },
    /// A text is not UTF-8, holds a control character, or (a name) a character that names do not have.
    Text {
        /// Which one.
        field: Field,
        /// The first offending byte.
        byte: u8,
    },
    /// A choice has a number that means nothing here.
    Unknown {
        /// Which choice.
        field: Field,
        /// The number found.
        value: u32,
    },
    /// Imports are not in ascending order of their symbols, or a handler's terms not in that of their fields; or one appears
    /// twice.
    Order {
        /// [`Field::Imports`] or [`Field::Terms`].
        list: Field,
        /// Index of the member that is not above the one before.
        index: usize,
    },
    /// A range does not have two numbers or more.
    Range {
        /// Where it starts.
        from: u64,
        /// Where it ends, itself included.
        to: u64,
    },
    /// A row of the handler table does not go with the others, or with its event.
    Row {
        /// Which one.
        row: usize,
        /// What is wrong.
        why: RowError,
    },
    /// The package holds native code and carries no signature: build it with `cargo xtask ext build`, or as Wasm.
    Unsigned,
    /// The package holds Wasm, and its trailer is not zero: Wasm is never signed, so nothing may be there.
    SignedWasm {
        /// The first byte found that is not zero.
        found: u8,
    },
    /// The package was signed by another key than the one trusted: build it where this kernel was built.
    OtherKey {
        /// Fingerprint of the key that signed it.
        signer: Fingerprint,
        /// Fingerprint of the key that is trusted.
        trusted: Fingerprint,
    },
    /// The signature does not fit the bytes: the package was altered after it was signed.
    Altered {
        /// Fingerprint of the key that is said to have signed it.
        signer: Fingerprint,
    },
}

impl fmt::Display for PackageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: {}", self.offset, self.reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Reason::Empty => f.write_str("the file is empty; copy or build the package again"),
            Reason::TooLarge { length } => {
                write!(f, "the file has {length} bytes; a package has at most {MAX_PACKAGE_BYTES}")
            }
            Reason::Truncated { needed, present } => {
                write!(f, "the file has {present} bytes where it needs {needed}; copy it again, whole")
            }
            Reason::Magic { found } => {
                write!(f, "not a package: starts with \"{}\", not \"SPINDLE\\0\"", found.escape_ascii())
            }
            Reason::Version { found } => write!(
                f,
                "package format {found}; this version reads {FORMAT_VERSION}: build the package with its tools"
            ),
            Reason::Value { field, found, expected } => {
                write!(f, "{field} is {found}; it must be {expected}")
            }
            Reason::Padding { found } => write!(f, "padding is {found:#04x}; it must be zero"),
            Reason::TooLong { field, length, limit } => {
                write!(f, "{field} has length {length}; the limit is {limit}")
            }
            Reason::Missing { field } => write!(f, "{field} is empty"),
            Reason::Text { field, byte } => {
                write!(f, "{field} has byte {byte:#04x} where printable text is expected")
            }
            Reason::Unknown { field, value } => write!(f, "{field} is {value}, which means nothing here"),
            Reason::Order { list: Field::Terms, index } => {
                write!(f, "term {index} of a handler is not above the one before; terms ascend by field")
            }
            Reason::Order { index, .. } => {
                write!(f, "import {index} is not above the one before; imports ascend by symbol")
            }
            Reason::Range { from, to } => {
                write!(f, "the range {from}..={to} does not have two numbers or more")
            }
            Reason::Row { row, why } => write!(f, "row {row} of the handler table: {why}"),
            Reason::Unsigned => f.write_str(
                "unsigned; native code needs a signature: build it with `cargo xtask ext build NAME`, or add \
                 `--wasm` for a package that needs none",
            ),
            Reason::SignedWasm { found } => write!(
                f,
                "the trailer of a Wasm package has byte {found:#04x}; it must be zero: Wasm is never signed"
            ),
            Reason::OtherKey { signer, trusted } => write!(
                f,
                "signed by key {signer}; this kernel trusts key {trusted}: build the package where this kernel was built"
            ),
            Reason::Altered { signer } => {
                write!(f, "the signature of key {signer} does not fit: altered after signing")
            }
        }
    }
}

impl core::error::Error for PackageError {}
