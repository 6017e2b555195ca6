//! What can go wrong with memory, and what to do about it.

use crate::span::Area;
use core::fmt;

/// Why memory was not to be had, or not to be touched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Error {
    /// No frame is free. Give something back, or give up; nothing is left half done.
    OutOfFrames,
    /// The area has no run of addresses this long. Ask for less, or unmap something.
    OutOfAddresses {
        /// Where.
        area: Area,
        /// How many pages were asked for.
        pages: usize,
    },
    /// A region of no pages was asked for: the caller's arithmetic is wrong.
    NoPages,
    /// The bytes asked for do not lie inside the region: the caller's arithmetic is wrong.
    OutOfBounds {
        /// First byte asked for, from the region's start.
        offset: usize,
        /// How many.
        len: usize,
    },
    /// The pages asked for are not, or not all, where a user program may have memory. Put them there.
    NotUserMemory {
        /// First of them.
        address: u64,
    },
    /// The page is mapped already. Whoever lays the program out must not let its parts overlap.
    Occupied {
        /// Where.
        address: u64,
    },
    /// A user program gave an address at which it may not read, or not write, itself. Tell it so.
    BadAddress {
        /// The first such address.
        address: u64,
    },
    /// The boot loader's memory map has no room even for the frame table. More memory is needed.
    TooLittleMemory,
    /// The boot loader mapped a page writable and executable. A loader bug: do not go on.
    WritableAndExecutable {
        /// Where.
        address: u64,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfFrames => out.write_str("no frame of memory is free"),
            Self::OutOfAddresses { area, pages } => write!(out, "no {pages} pages in a row in area {area:?}"),
            Self::NoPages => out.write_str("a region needs at least one page"),
            Self::OutOfBounds { offset, len } => write!(out, "{len} bytes at {offset:#x} leave the region"),
            Self::NotUserMemory { address } => write!(out, "no user program may have memory at {address:#x}"),
            Self::Occupied { address } => write!(out, "the page at {address:#x} is in use already"),
            Self::BadAddress { address } => write!(out, "the program has no such right at {address:#x}"),
            Self::TooLittleMemory => out.write_str("too little memory for the frame table"),
            Self::WritableAndExecutable { address } => {
                write!(out, "mapped writable and executable at {address:#x}")
            }
        }
    }
}

impl core::error::Error for Error {}
