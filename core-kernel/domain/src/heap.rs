//! The pages of a domain's heap: granted within its quota, and in its ledger.
//!
//! A native extension asks for them by `runtime.grow_heap`; for a Wasm one the engine's allocator does.

use crate::id::DomainId;
use crate::table;
use core::ops::Range;
use spindle_arch::layout::PAGE_BYTES;
use spindle_mem::{Area, DomainHeap, PageSource, Protection, Region};

/// The heap that the engine of a Wasm domain allocates from.
pub(crate) type EngineHeap = DomainHeap<Ledger>;

/// The ledger of one domain as a source of pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ledger(pub(crate) DomainId);

// SAFETY: a region maps fresh pages, and is the domain's until it is dropped: by `give_back`, or with the domain.
unsafe impl PageSource for Ledger {
    fn grow(&self, pages: usize) -> Option<Range<u64>> {
        grow(self.0, pages as u64)
    }

    fn give_back(&self, start: u64) {
        let region = table::with(self.0, |domain| {
            let at = domain.heap.iter().position(|region| region.start() == start)?;
            Some(domain.heap.swap_remove(at))
        });
        // Unmapped here, with the table unlocked.
        drop(region);
    }
}

/// Maps `pages` more pages for the domain; `None` beyond its quota, or without memory.
pub(crate) fn grow(id: DomainId, pages: u64) -> Option<Range<u64>> {
    let allowed = table::with(id, |domain| {
        let held = domain.heap_bytes() / PAGE_BYTES;
        let wanted = held.checked_add(pages)?;
        domain.heap.try_reserve(1).ok()?;
        (pages > 0 && wanted <= domain.heap_quota_pages).then_some(())
    });
    allowed??;
    let pages = usize::try_from(pages).ok()?;
    let region = Region::map(Area::Heap, pages, Protection::ReadWrite, id.memory_owner()).ok()?;
    let range = region.start()..region.start() + region.len_bytes() as u64;
    table::with(id, |domain| domain.heap.push(region))?;
    Some(range)
}
