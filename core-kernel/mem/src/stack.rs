//! Stacks that fault, instead of overwriting, when they are used up.
//!
//! ```text
//!  top()    ─┬─ first push goes below
//!            │  mapped, read and write
//!  limit()  ─┤
//!            │  GUARD_BYTES unmapped: compilers probe large frames page by page
//!           ─┴─
//! ```

use crate::region::{Protection, Region};
use crate::span::Area;
use crate::{Error, Owner};
use core::ops::Range;
use spindle_arch::layout::PAGE_BYTES;

/// Bytes below a stack that are never mapped.
pub const GUARD_BYTES: u64 = 64 * 1024;

/// A stack of its own; dropping it gives everything back.
#[derive(Debug)]
#[must_use = "dropping a stack unmaps it"]
pub struct GuardedStack {
    region: Region,
}

impl GuardedStack {
    /// A stack of `pages` pages, charged to `owner`.
    ///
    /// # Errors
    /// As [`Region::map`].
    pub fn new(pages: usize, owner: Owner) -> Result<Self, Error> {
        let gap = (GUARD_BYTES / PAGE_BYTES) as usize;
        let region = Region::map_above(Area::Stack, gap, pages, Protection::ReadWrite, owner)?;
        Ok(Self { region })
    }

    /// Lowest address that may be used.
    pub fn limit(&self) -> u64 {
        self.region.start()
    }

    /// Address just above the stack, page aligned.
    pub fn top(&self) -> u64 {
        self.region.start() + self.region.len_bytes() as u64
    }

    /// The addresses that may be used.
    pub fn range(&self) -> Range<u64> {
        self.limit()..self.top()
    }

    /// Whether `address` lies in the guard area below.
    pub fn guards(&self, address: u64) -> bool {
        (self.limit() - GUARD_BYTES..self.limit()).contains(&address)
    }
}
