//! Which runs of pages in an area of addresses are taken: first fit over a bitmap of fixed size.
//!
//! *Invariants*
//! - `INV-SPANS-1`: every page before `hint` is taken.

use core::ops::Range;

/// The pages of an area, `64 * WORDS` of them.
#[derive(Debug)]
pub struct SpanMap<const WORDS: usize> {
    taken: [u64; WORDS],
    hint: usize,
}

impl<const WORDS: usize> SpanMap<WORDS> {
    /// How many pages the area has.
    pub const PAGES: usize = WORDS * 64;

    /// An area of which nothing is taken.
    pub const fn new() -> Self {
        Self { taken: [0; WORDS], hint: 0 }
    }

    /// Takes the first run of `pages` free pages and returns the number of its first page. `None` if there
    /// is no such run, or if `pages` is 0. Cost: linear in the pages passed over, 64 at a time where taken.
    pub fn allocate(&mut self, pages: usize) -> Option<usize> {
        if pages == 0 {
            return None;
        }
        self.hint = self.next_free(self.hint)?;
        let mut start = self.hint;
        loop {
            let end = start.checked_add(pages).filter(|&end| end <= Self::PAGES)?;
            match self.last_taken(start..end) {
                None => {
                    self.mark(start..end, true);
                    return Some(start);
                }
                Some(taken) => start = self.next_free(taken + 1)?,
            }
        }
    }

    /// Gives the run `pages` back, which [`SpanMap::allocate`] returned.
    pub fn release(&mut self, pages: Range<usize>) {
        self.hint = self.hint.min(pages.start);
        self.mark(pages, false);
    }

    /// How many pages are taken.
    pub fn taken(&self) -> usize {
        self.taken.iter().map(|word| word.count_ones() as usize).sum()
    }

    fn next_free(&self, from: usize) -> Option<usize> {
        let mut page = from;
        while page < Self::PAGES {
            let free = !self.taken[page / 64] >> (page % 64);
            if free != 0 {
                return Some(page + free.trailing_zeros() as usize);
            }
            page = (page / 64 + 1) * 64;
        }
        None
    }

    fn last_taken(&self, run: Range<usize>) -> Option<usize> {
        run.rev().find(|&page| self.taken[page / 64] >> (page % 64) & 1 != 0)
    }

    fn mark(&mut self, run: Range<usize>, taken: bool) {
        for page in run {
            let bit = 1 << (page % 64);
            if taken {
                self.taken[page / 64] |= bit;
            } else {
                self.taken[page / 64] &= !bit;
            }
        }
    }
}

impl<const WORDS: usize> Default for SpanMap<WORDS> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_gap_that_fits_is_used() {
        let mut map = SpanMap::<2>::new();
        assert_eq!(map.allocate(10), Some(0));
        assert_eq!(map.allocate(60), Some(10));
        assert_eq!(map.allocate(5), Some(70));
        map.release(0..10);
        assert_eq!(map.allocate(11), Some(75), "the gap of ten is too small");
        assert_eq!(map.allocate(10), Some(0));
    }

    #[test]
    fn a_run_that_cannot_fit_is_refused_and_nothing_is_taken() {
        let mut map = SpanMap::<2>::new();
        assert_eq!(map.allocate(129), None);
        assert_eq!(map.allocate(usize::MAX), None);
        assert_eq!(map.allocate(0), None);
        assert_eq!(map.taken(), 0);
        assert_eq!(map.allocate(128), Some(0));
        assert_eq!(map.allocate(1), None);
        map.release(0..128);
        assert_eq!(map.taken(), 0);
        assert_eq!(map.allocate(1), Some(0));
    }
}
