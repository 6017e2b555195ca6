//! A bounded reader: takes values off the front of a part and knows where in the file it stands.

use super::{Field, PackageError, Reason};
use crate::Fingerprint;

/// Reads one part of a file from front to back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Cursor<'a> {
    /// Starts reading `part`, which begins at byte `offset` of the file.
    pub(super) const fn new(part: &'a [u8], offset: usize) -> Self {
        Cursor { rest: part, offset }
    }

    /// The byte of the file that is read next.
    pub(super) const fn offset(&self) -> usize {
        self.offset
    }

    /// The bytes not yet read.
    pub(super) const fn remaining(&self) -> usize {
        self.rest.len()
    }

    pub(super) fn bytes(&mut self, length: usize) -> Result<&'a [u8], PackageError> {
        let Some((taken, rest)) = self.rest.split_at_checked(length) else {
            let reason = Reason::Truncated { needed: length, present: self.rest.len() };
            return Err(PackageError { offset: self.offset, reason });
        };
        self.rest = rest;
        self.offset += length;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], PackageError> {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(N)?);
        Ok(array)
    }

    pub(super) fn u8(&mut self) -> Result<u8, PackageError> {
        Ok(self.array::<1>()?[0])
    }

    pub(super) fn u16(&mut self) -> Result<u16, PackageError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, PackageError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Result<u64, PackageError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    pub(super) fn fingerprint(&mut self) -> Result<Fingerprint, PackageError> {
        Ok(Fingerprint(self.array()?))
    }

    /// Reads a count of list members, at most `limit`.
    pub(super) fn count(&mut self, field: Field, limit: usize) -> Result<usize, PackageError> {
        let offset = self.offset;
        let length = usize::from(self.u16()?);
        within(field, length, limit, offset)
    }

    /// The same for a count of one byte.
    pub(super) fn short_count(&mut self, field: Field, limit: usize) -> Result<usize, PackageError> {
        let offset = self.offset;
        let length = usize::from(self.u8()?);
        within(field, length, limit, offset)
    }

    /// Reads a text of 1 to `limit` bytes (INV-PKG-3).
    pub(super) fn text(&mut self, field: Field, limit: usize) -> Result<&'a str, PackageError> {
        let offset = self.offset;
        let length = self.count(field, limit)?;
        if length == 0 {
            return Err(PackageError { offset, reason: Reason::Missing { field } });
        }
        let start = self.offset;
        printable(self.bytes(length)?, field, start)
    }
}

fn within(field: Field, length: usize, limit: usize, offset: usize) -> Result<usize, PackageError> {
    match length > limit {
        true => Err(PackageError { offset, reason: Reason::TooLong { field, length, limit } }),
        false => Ok(length),
    }
}

fn printable(bytes: &[u8], field: Field, start: usize) -> Result<&str, PackageError> {
    let bad =
        |at: usize| PackageError { offset: start + at, reason: Reason::Text { field, byte: bytes[at] } };
    let text = core::str::from_utf8(bytes).map_err(|error| bad(error.valid_up_to()))?;
    match text.char_indices().find(|(_, character)| character.is_control()) {
        Some((at, _)) => Err(bad(at)),
        None => Ok(text),
    }
}
