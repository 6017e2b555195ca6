//! A region: pages of one protection and one owner, in a row, that come and go together.
//!
//! *Invariants*
//! - `INV-REGION-1`: `pages` pages from `start` on are mapped, to frames of `owner`; everything else of the
//!   span is not, so at least one page after every region faults.

use crate::span::{Area, Span};
use crate::{Error, Owner, frames, paging, window};
use spindle_arch::layout::PAGE_BYTES;
use spindle_kerncore::frames::FrameNumber;

/// What code may do with the pages of a region. There is no way to say "write and execute".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Protection {
    /// Read.
    ReadOnly,
    /// Read and write.
    ReadWrite,
    /// Read and execute.
    ReadExecute,
}

/// Mapped pages; dropping it unmaps them and gives back frames, page tables and addresses.
#[derive(Debug)]
#[must_use = "dropping a region unmaps it"]
pub struct Region {
    /// Held for its drop, which comes after the pages are unmapped.
    _addresses: Span,
    start: u64,
    pages: usize,
    owner: Owner,
    protection: Protection,
}

impl Region {
    /// Maps `pages` pages of zeros in `area`, charged to `owner`. One page after them stays unmapped.
    ///
    /// # Errors
    /// [`Error::NoPages`], [`Error::OutOfAddresses`], [`Error::OutOfFrames`]; nothing stays behind.
    pub fn map(area: Area, pages: usize, protection: Protection, owner: Owner) -> Result<Self, Error> {
        Self::map_above(area, 0, pages, protection, owner)
    }

    /// As [`Region::map`], with `gap` unmapped pages below.
    pub(crate) fn map_above(
        area: Area,
        gap: usize,
        pages: usize,
        protection: Protection,
        owner: Owner,
    ) -> Result<Self, Error> {
        if pages == 0 {
            return Err(Error::NoPages);
        }
        let with_guards = pages.checked_add(gap + 1).ok_or(Error::OutOfAddresses { area, pages })?;
        let span = Span::new(area, with_guards).ok_or(Error::OutOfAddresses { area, pages })?;
        let start = span.start() + gap as u64 * PAGE_BYTES;
        // SAFETY: the pages lie in our span, of which nothing is mapped.
        unsafe { paging::map(start, pages, protection, owner, frames::allocate_zeroed) }?;
        Ok(Self { _addresses: span, start, pages, owner, protection })
    }

    /// Address of the first byte.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// How many bytes are mapped.
    pub fn len_bytes(&self) -> usize {
        self.pages * PAGE_BYTES as usize
    }

    /// What may be done with the pages.
    pub fn protection(&self) -> Protection {
        self.protection
    }

    /// Whom the pages are charged to.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// Whether `address` lies in a mapped page of the region.
    pub fn contains(&self, address: u64) -> bool {
        address.wrapping_sub(self.start) < self.len_bytes() as u64
    }

    /// Writes `bytes` from `offset` on, whatever the protection: this is how code gets into a region.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`]; nothing is written then.
    pub fn write(&mut self, offset: usize, bytes: &[u8]) -> Result<(), Error> {
        self.check(offset, bytes.len())?;
        let mut rest = bytes;
        self.for_each_piece(offset, bytes.len(), |frame, at, len| {
            let (piece, after) = rest.split_at(len);
            rest = after;
            // SAFETY: the frame is this region's (INV-REGION-1), which is borrowed mutably.
            unsafe { window::write(frame, at, piece) };
        });
        Ok(())
    }

    /// Reads from `offset` on until `bytes` is full.
    ///
    /// # Errors
    /// [`Error::OutOfBounds`]; nothing is read then.
    pub fn read(&self, offset: usize, bytes: &mut [u8]) -> Result<(), Error> {
        self.check(offset, bytes.len())?;
        let (total, mut done) = (bytes.len(), 0);
        self.for_each_piece(offset, total, |frame, at, len| {
            // SAFETY: the frame is this region's (INV-REGION-1).
            unsafe { window::read(frame, at, &mut bytes[done..done + len]) };
            done += len;
        });
        Ok(())
    }

    fn check(&self, offset: usize, len: usize) -> Result<(), Error> {
        match offset.checked_add(len) {
            Some(end) if end <= self.len_bytes() => Ok(()),
            _ => Err(Error::OutOfBounds { offset, len }),
        }
    }

    /// Calls `piece(frame, offset in it, length)` for each page that the bytes touch.
    fn for_each_piece(&self, offset: usize, len: usize, mut piece: impl FnMut(FrameNumber, usize, usize)) {
        let (mut at, end) = (offset, offset + len);
        while at < end {
            let within = at % PAGE_BYTES as usize;
            let here = (PAGE_BYTES as usize - within).min(end - at);
            let page = self.start + (at - within) as u64;
            let physical = paging::translate(page).expect("INV-REGION-1: the page is mapped");
            piece(FrameNumber(physical / PAGE_BYTES), within, here);
            at += here;
        }
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: INV-REGION-1; whoever drops the region says that nothing refers to it any more.
        unsafe { paging::unmap(self.start, self.pages, self.owner) };
    }
}
