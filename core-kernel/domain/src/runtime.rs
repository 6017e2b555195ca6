//! The procedures that every extension's runtime calls: more heap, and giving up.

use crate::id::DomainId;
use crate::registry::PROCEDURES;
use crate::{fault, table};
use linkme::distributed_slice;
use spindle_abi::Export;
use spindle_arch::layout::PAGE_BYTES;
use spindle_interfaces::runtime::{self, HeapSpan, Procedures};
use spindle_mem::{Area, Protection, Region};

/// What the kernel answers to `runtime`.
struct Runtime;

#[distributed_slice(PROCEDURES)]
static RUNTIME: &[Export] = &runtime::exports::<Runtime>();

impl Procedures for Runtime {
    fn grow_heap(pages: u64) -> HeapSpan {
        let granted = caller().and_then(|domain| grow(domain, pages));
        granted.unwrap_or(HeapSpan { start: 0, bytes: 0 })
    }

    fn panicked(message: &str, file: &str, line: u32) -> ! {
        fault::panicked(message, file, line)
    }
}

/// The domain whose code called the running procedure.
fn caller() -> Option<DomainId> {
    DomainId::of(spindle_strands::current().innermost()?.owner())
}

/// Maps `pages` more pages for the domain; `None` beyond its quota, or without memory.
fn grow(id: DomainId, pages: u64) -> Option<HeapSpan> {
    let allowed = table::with(id, |domain| {
        let held = domain.heap_bytes() / PAGE_BYTES;
        let wanted = held.checked_add(pages)?;
        domain.heap.try_reserve(1).ok()?;
        (pages > 0 && wanted <= domain.heap_quota_pages).then_some(())
    });
    allowed??;
    let pages = usize::try_from(pages).ok()?;
    let region = Region::map(Area::Heap, pages, Protection::ReadWrite, id.memory_owner()).ok()?;
    let span = HeapSpan { start: region.start(), bytes: region.len_bytes() as u64 };
    table::with(id, |domain| domain.heap.push(region))?;
    Some(span)
}
