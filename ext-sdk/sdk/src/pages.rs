//! How much the heap of native code grows by.
#![cfg_attr(
    not(target_os = "none"),
    allow(dead_code, reason = "other heaps are the host's, or the module's")
)]

use core::alloc::Layout;

/// The size of a page in bytes.
const PAGE_BYTES: usize = 4096;
/// What the allocator keeps for itself at most, once per heap and per allocation, in bytes.
pub(crate) const OVERHEAD_BYTES: usize = 2048;
/// The least that is asked for at first, so that small allocations do not each cost a call.
const USUAL_PAGES: u64 = 4;

/// How many pages are enough for an allocation of `layout`; `None` if no number is.
pub(crate) fn enough(layout: Layout) -> Option<u64> {
    let bytes = layout.size().checked_add(layout.align())?.checked_add(OVERHEAD_BYTES)?;
    u64::try_from(bytes.div_ceil(PAGE_BYTES)).ok()
}

/// How many pages to ask for first.
pub(crate) fn usual(layout: Layout) -> Option<u64> {
    enough(layout).map(|pages| pages.max(USUAL_PAGES))
}

#[cfg(test)]
mod tests {
    use core::alloc::Layout;

    use super::{enough, usual};

    #[test]
    fn a_small_allocation_asks_for_the_usual_and_makes_do_with_one_page() {
        let layout = Layout::new::<u64>();
        assert_eq!((usual(layout), enough(layout)), (Some(4), Some(1)));
    }

    #[test]
    fn a_large_allocation_has_room_for_its_alignment() {
        let layout = Layout::from_size_align(100_000, 65_536).expect("a valid layout");
        assert!(enough(layout).expect("a number of pages") * 4096 >= 165_536);
    }
}
