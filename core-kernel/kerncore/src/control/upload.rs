//! A package on its way into the kernel.
//!
//! *Invariants*: `INV-CTL-4`: all memory for it is reserved when it begins, or it is refused; it goes with the value.

use alloc::collections::TryReserveError;
use alloc::vec::Vec;

use heapless::String;
use spindle_abi::Fingerprint;
use spindle_abi::package::MAX_PACKAGE_BYTES;

use super::{MAX_NAME_BYTES, Reason};

/// What of a package is there, and what was announced.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) name: String<MAX_NAME_BYTES>,
    pub(super) replace: bool,
    length: u32,
    hash: [u8; 16],
    bytes: Vec<u8>,
}

/// What an upload leaves free: enough to load what it brings, and for the console meanwhile.
const RESERVE_BYTES: usize = 1 << 20;

/// Refuses if there is less than the reserve.
fn leave_a_reserve() -> Result<(), TryReserveError> {
    Vec::<u8>::new().try_reserve_exact(RESERVE_BYTES)
}

impl Upload {
    /// Makes room for what was announced.
    pub(super) fn begin(name: &str, length: u32, hash: [u8; 16], replace: bool) -> Result<Self, Reason> {
        let is_plain = !name.is_empty() && !name.chars().any(char::is_control);
        let name = String::try_from(name).ok().filter(|_| is_plain).ok_or(Reason::BadName)?;
        if length as usize > MAX_PACKAGE_BYTES {
            return Err(Reason::TooLarge { length });
        }
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(length as usize).map_err(|_| Reason::OutOfMemory { length })?;
        leave_a_reserve().map_err(|_| Reason::OutOfMemory { length })?;
        Ok(Self { name, replace, length, hash, bytes })
    }

    /// How many bytes are there.
    pub(super) fn received(&self) -> u32 {
        // At most `length`.
        self.bytes.len() as u32
    }

    /// Takes the next bytes.
    pub(super) fn add(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Reason> {
        let expected = self.received();
        if offset != expected {
            return Err(Reason::WrongOffset { expected, found: offset });
        }
        let left = self.length - expected;
        // A chunk's length fits: it came in one frame.
        let found = bytes.len() as u32;
        if found == 0 || found > left {
            return Err(Reason::WrongChunk { left, found });
        }
        // Within what `begin` has reserved.
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// The package, if it is the one that was announced.
    pub(super) fn end(self) -> Result<Vec<u8>, Reason> {
        let received = self.received();
        if received != self.length {
            return Err(Reason::Incomplete { received, length: self.length });
        }
        if Fingerprint::of_bytes(&self.bytes).0 != self.hash {
            return Err(Reason::WrongHash);
        }
        Ok(self.bytes)
    }
}
