//! Which of the lines of counters a thread counts in.

use core::sync::atomic::{AtomicU64, Ordering};

/// How many lines there are: so many threads but one have a line of their own, the others share the last.
pub(crate) const SLOTS: usize = 16;

/// The slots that threads have for themselves, a bit each.
static TAKEN: AtomicU64 = AtomicU64::new(SHARED_BIT);

const SHARED: usize = SLOTS - 1;

/// The shared slot, and all that do not exist.
const SHARED_BIT: u64 = u64::MAX << SHARED;

/// A slot; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Slot(usize);

impl Slot {
    /// The first slot that nobody has, or the shared one.
    pub(super) fn take() -> Self {
        // Acquires the counts of whoever had it before.
        let taken = TAKEN.fetch_update(Ordering::Acquire, Ordering::Relaxed, |taken| {
            (taken != u64::MAX).then(|| taken | (taken + 1))
        });
        Self(taken.map_or(SHARED, |taken| taken.trailing_ones() as usize))
    }

    /// Whether others may count in it at the same time.
    pub(super) fn is_shared(&self) -> bool {
        self.0 == SHARED
    }

    #[inline(always)]
    pub(super) fn index(&self) -> usize {
        self.0
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if !self.is_shared() {
            TAKEN.fetch_and(!(1 << self.0), Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn no_two_have_the_same_slot_but_the_last() {
        // Other tests' threads have some, too.
        let slots: Vec<_> = (0..4 * SLOTS).map(|_| Slot::take()).collect();
        let mut own: Vec<_> = slots.iter().map(Slot::index).filter(|slot| *slot != SHARED).collect();
        assert!(slots.iter().all(|slot| slot.index() < SLOTS));
        assert!(own.len() < slots.len(), "there are not enough for all");
        let count = own.len();
        own.sort_unstable();
        own.dedup();
        assert_eq!(own.len(), count);
        drop(slots);
        assert_ne!(Slot::take().index(), SHARED, "they were given back");
    }
}
