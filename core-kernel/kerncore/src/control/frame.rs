//! Frames: a message with a version, its length and a checksum, between two zero bytes and with none inside.
//!
//! ```text
//!  00 | COBS of: version u8 | length u16 | payload, `length` bytes | CRC-32 of all before it, u32 | 00
//! ```
//! Integers are little-endian; the CRC is CRC-32/ISO-HDLC. Consistent overhead byte stuffing (Cheshire and Baker, 1999)
//! takes every zero out of the inside: a zero is always an end, so that a reader is in step again at the next one.
//! Both ends are written: what stood on the line before, whole or half, ends where a frame begins.

use core::fmt;

use cobs::CobsEncoder;
use crc::{CRC_32_ISO_HDLC, Crc};
use heapless::Vec;
use serde::{Deserialize, Serialize};

use super::{MAX_PAYLOAD_BYTES, VERSION};

const END: u8 = 0;
const HEADER_BYTES: usize = 3;
const CHECKSUM_BYTES: usize = 4;
/// Most bytes between the two ends.
const MAX_STUFFED_BYTES: usize = stuffed_bytes(MAX_PAYLOAD_BYTES);

static CHECKSUM: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

/// Bytes of a whole frame around a payload of `payload` bytes, at most.
pub(super) const fn encoded_bytes(payload: usize) -> usize {
    stuffed_bytes(payload) + 2
}

const fn stuffed_bytes(payload: usize) -> usize {
    cobs::max_encoding_length(HEADER_BYTES + payload + CHECKSUM_BYTES)
}

/// What is wrong with the bytes between two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FrameFault {
    /// They are more than any frame has. Send smaller chunks.
    TooLong {
        /// How many there were.
        length: u32,
    },
    /// They are fewer than any frame has, or not stuffed as a frame is: part of a frame, or something else that
    /// writes on the line. Say hello again.
    Garbage,
    /// The checksum is wrong: a frame cut short, or altered. Say hello again.
    Checksum,
    /// The frame is of another version of the protocol. Build both sides from the same sources.
    Version {
        /// The version that it has.
        found: u8,
    },
    /// The frame says that it is longer or shorter than it is.
    Length {
        /// What it says.
        said: u16,
        /// What it is.
        is: u16,
    },
}

impl fmt::Display for FrameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { length } => {
                write!(f, "a frame of {length} bytes; at most {MAX_STUFFED_BYTES} are taken")
            }
            Self::Garbage => f.write_str("bytes that are no whole frame"),
            Self::Checksum => f.write_str("a frame that was cut short or altered (its checksum is wrong)"),
            Self::Version { found } => write!(f, "protocol version {found}; this kernel speaks {VERSION}"),
            Self::Length { said, is } => write!(f, "a frame that says {said} bytes and has {is}"),
        }
    }
}

/// Why a message was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// It has more than [`MAX_PAYLOAD_BYTES`] bytes, or does not fit into the caller's. Split it.
    TooLong,
}

/// Writes `message`, of at most `PAYLOAD_BYTES`, as one frame into `into`, which has room for the bytes of such a frame.
///
/// # Errors
/// [`EncodeError::TooLong`]; `into` then holds nothing of use.
pub fn encode<'a, const PAYLOAD_BYTES: usize>(
    message: &impl Serialize,
    into: &'a mut [u8],
) -> Result<&'a [u8], EncodeError> {
    let mut payload = [0; PAYLOAD_BYTES];
    let payload = postcard::to_slice(message, &mut payload).map_err(|_| EncodeError::TooLong)?;
    let length = u16::try_from(payload.len()).map_err(|_| EncodeError::TooLong)?;
    let [low, high] = length.to_le_bytes();
    let header: [u8; HEADER_BYTES] = [VERSION, low, high];
    let mut checksum = CHECKSUM.digest();
    checksum.update(&header);
    checksum.update(payload);
    stuff([&header, payload, &checksum.finalize().to_le_bytes()], into)
}

/// Puts the pieces between two ends, with no zero inside.
fn stuff<'a>(pieces: [&[u8]; 3], into: &'a mut [u8]) -> Result<&'a [u8], EncodeError> {
    let most = cobs::max_encoding_length(pieces.iter().map(|piece| piece.len()).sum());
    let inside = into.get_mut(1..=most).ok_or(EncodeError::TooLong)?;
    let mut encoder = CobsEncoder::new(inside);
    pieces.iter().try_for_each(|piece| encoder.push(piece)).map_err(|_| EncodeError::TooLong)?;
    let length = encoder.finalize();
    *into.get_mut(length + 1).ok_or(EncodeError::TooLong)? = END;
    into[0] = END;
    Ok(&into[..length + 2])
}

const _: () = assert!(MAX_PAYLOAD_BYTES <= u16::MAX as usize, "a frame says its length in 16 bits");

/// Finds frames in a stream of bytes. Its memory is fixed: one frame.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    held: Vec<u8, MAX_STUFFED_BYTES>,
    /// Bytes since the last end that found no room.
    too_many: u32,
    /// The bytes held were handed out: the next one begins anew.
    is_done: bool,
    skipped: u64,
}

impl Decoder {
    /// Expects a frame.
    #[must_use]
    pub const fn new() -> Self {
        Self { held: Vec::new(), too_many: 0, is_done: false, skipped: 0 }
    }

    /// Takes the next byte. At the end of a frame gives its payload, or what is wrong with it. Complexity: constant,
    /// at the end of a frame linear in its length. Allocates nothing.
    pub fn feed(&mut self, byte: u8) -> Option<Result<&[u8], FrameFault>> {
        if core::mem::take(&mut self.is_done) {
            self.held.clear();
            self.too_many = 0;
        }
        if byte != END {
            if self.held.push(byte).is_err() {
                self.too_many = self.too_many.saturating_add(1);
            }
            return None;
        }
        if self.held.is_empty() {
            return None;
        }
        self.is_done = true;
        let length = self.held.len();
        let frame = if self.too_many == 0 { open(&mut self.held) } else { Err(self.too_long()) };
        if frame.is_err() {
            self.skipped += length as u64 + u64::from(self.too_many);
        }
        Some(frame.map(|payload| &self.held[payload]))
    }

    /// How many bytes belonged to no frame.
    #[must_use]
    pub fn skipped_bytes(&self) -> u64 {
        self.skipped
    }

    fn too_long(&self) -> FrameFault {
        FrameFault::TooLong { length: (self.held.len() as u32).saturating_add(self.too_many) }
    }
}

/// Takes the stuffing out in place and checks everything; says where the payload is.
fn open(frame: &mut [u8]) -> Result<core::ops::Range<usize>, FrameFault> {
    let length = cobs::decode_in_place(frame).map_err(|_| FrameFault::Garbage)?;
    let inside = frame.get(..length).ok_or(FrameFault::Garbage)?;
    let (checked, checksum) = inside.split_last_chunk().ok_or(FrameFault::Garbage)?;
    let ([version, low, high], payload) = checked.split_first_chunk().ok_or(FrameFault::Garbage)?;
    if CHECKSUM.checksum(checked) != u32::from_le_bytes(*checksum) {
        return Err(FrameFault::Checksum);
    }
    if *version != VERSION {
        return Err(FrameFault::Version { found: *version });
    }
    let said = u16::from_le_bytes([*low, *high]);
    if payload.len() != usize::from(said) {
        return Err(FrameFault::Length { said, is: payload.len() as u16 });
    }
    Ok(HEADER_BYTES..checked.len())
}
