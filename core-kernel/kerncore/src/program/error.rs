//! Why a file is no program that the kernel would run.

use core::fmt;

/// A refusal; nothing was mapped. The cause is always in the file: build it as `qemu/programs` is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramError {
    /// The bytes do not begin with the header of a 64-bit little-endian ELF file.
    NotElf,
    /// It is no executable with fixed addresses for x86_64. Link it statically and without `-pie`.
    NotExecutable,
    /// The table of program headers does not lie inside the file: it is cut short or damaged.
    Headers,
    /// There are more program headers than any program needs.
    TooManyHeaders(usize),
    /// It asks for an interpreter, dynamic linking or thread-local storage. Link it statically.
    NotStatic {
        /// Index of the program header.
        header: usize,
    },
    /// The contents of a segment do not lie inside the file, or are longer than the segment.
    OutsideFile {
        /// Index of the program header.
        header: usize,
    },
    /// A segment lies, or ends, where no user program may have memory.
    OutsideRange {
        /// Index of the program header.
        header: usize,
        /// The segment's address.
        address: u64,
    },
    /// A segment cannot be read, or is writable and executable.
    Access {
        /// Index of the program header.
        header: usize,
    },
    /// Two segments need the same page.
    Overlap {
        /// Index of the program header.
        header: usize,
        /// Index of the other one.
        other: usize,
    },
    /// The segments together are larger than [`MAX_PROGRAM_BYTES`](super::MAX_PROGRAM_BYTES).
    TooLarge {
        /// The segment at which they become so.
        header: usize,
    },
    /// The entry point does not lie in an executable segment.
    Entry {
        /// Where it lies.
        address: u64,
    },
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotElf => f.write_str("the file is no 64-bit ELF file"),
            Self::NotExecutable => f.write_str("the file is no executable with fixed addresses for x86_64"),
            Self::Headers => f.write_str("the program headers do not lie inside the file"),
            Self::TooManyHeaders(count) => {
                write!(f, "{count} program headers; the limit is {}", super::MAX_HEADERS)
            }
            Self::NotStatic { header } => {
                write!(
                    f,
                    "program header {header} asks for dynamic linking, an interpreter or thread-local storage"
                )
            }
            Self::OutsideFile { header } => {
                write!(f, "segment {header} has contents outside the file or the segment")
            }
            Self::OutsideRange { header, address } => {
                write!(f, "segment {header} at {address:#x} leaves the addresses of user programs")
            }
            Self::Access { header } => {
                write!(f, "segment {header} is unreadable, or writable and executable")
            }
            Self::Overlap { header, other } => write!(f, "segments {other} and {header} need the same page"),
            Self::TooLarge { header } => {
                let limit = super::MAX_PROGRAM_BYTES;
                write!(f, "segment {header} makes the program larger than {limit} bytes")
            }
            Self::Entry { address } => {
                write!(f, "the entry point {address:#x} lies in no executable segment")
            }
        }
    }
}

impl core::error::Error for ProgramError {}
