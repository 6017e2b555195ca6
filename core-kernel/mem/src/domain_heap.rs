//! The heap of a domain whose code does not bring an allocator of its own: what the kernel's allocator uses while
//! kernel code works for that domain ([`heap::within`]).
//!
//! *Concepts*: small blocks come from an allocator that grows by pages; a large one is pages of its own, so that a Wasm
//! memory that grows gives back what it leaves, to the page. Where the pages come from, and who counts them, a
//! [`PageSource`] says: the domain's ledger.
//!
//! *Locking*: the allocator's lock is the domain's own. It spins with interrupts on: it is never held by an interrupt
//! handler, and dies with the domain if the domain faults inside.

use crate::heap;
use core::alloc::{GlobalAlloc, Layout};
use core::fmt;
use core::ops::Range;
use core::ptr;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};
use spindle_arch::layout::PAGE_BYTES;
use talc::TalcLock;
use talc::base::Talc;
use talc::base::binning::Binning;
use talc::source::Source;

/// From this size on, a block is pages of its own.
const LARGE_BYTES: usize = 64 << 10;
/// What the allocator grows by at least, so that small blocks do not each cost a mapping.
const USUAL_PAGES: usize = 8;
/// What the allocator keeps for itself at most, once per heap and per block.
const OVERHEAD_BYTES: usize = 2048;

/// Where a domain's pages come from.
///
/// # Safety
/// A range that `grow` gives is mapped, writable, page aligned and the caller's alone, until `give_back` takes it or
/// the domain is dropped.
pub unsafe trait PageSource: Copy + Sync {
    /// Maps `pages` more pages; `None` beyond the domain's quota or without memory.
    fn grow(&self, pages: usize) -> Option<Range<u64>>;

    /// Unmaps the range that starts at `start`, which `grow` gave.
    fn give_back(&self, start: u64);
}

/// A heap that grows by the pages of `P`.
pub struct DomainHeap<P: PageSource> {
    small: TalcLock<spin::Mutex<()>, Growing<P>>,
    large: Growing<P>,
    exhausted: AtomicBool,
}

impl<P: PageSource> DomainHeap<P> {
    /// A heap without a page.
    pub const fn new(pages: P) -> Self {
        let (small, large) = (TalcLock::new(Growing(pages)), Growing(pages));
        Self { small, large, exhausted: AtomicBool::new(false) }
    }

    /// Whether the last request was refused.
    pub fn was_exhausted(&self) -> bool {
        self.exhausted.load(Relaxed)
    }

    fn allocate_large(&self, layout: Layout) -> *mut u8 {
        if layout.align() > PAGE_BYTES as usize {
            return ptr::null_mut();
        }
        self.large
            .grow(layout.size().div_ceil(PAGE_BYTES as usize))
            .map_or(ptr::null_mut(), |range| start(&range))
    }
}

impl<P: PageSource> fmt::Debug for DomainHeap<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DomainHeap").field("exhausted", &self.exhausted).finish_non_exhaustive()
    }
}

fn is_large(size: usize) -> bool {
    size >= LARGE_BYTES
}

fn start(range: &Range<u64>) -> *mut u8 {
    ptr::with_exposed_provenance_mut(range.start as usize)
}

// SAFETY: a small block comes from the allocator under its lock, a large one is pages of its own; its size tells which,
// when it is given back too.
unsafe impl<P: PageSource> GlobalAlloc for DomainHeap<P> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let memory = if is_large(layout.size()) {
            self.allocate_large(layout)
        } else {
            // SAFETY: the caller's promises are passed on.
            unsafe { self.small.alloc(layout) }
        };
        if memory.is_null() != self.exhausted.load(Relaxed) {
            self.exhausted.store(memory.is_null(), Relaxed);
        }
        memory
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        if is_large(layout.size()) {
            return self.large.give_back(memory.addr() as u64);
        }
        // SAFETY: as above.
        unsafe { self.small.dealloc(memory, layout) };
    }
}

/// The pages of a domain, asked for as kernel code that works for itself again.
struct Growing<P>(P);

impl<P> fmt::Debug for Growing<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Growing")
    }
}

impl<P: PageSource> Growing<P> {
    /// Grows, if the strand's stack has room for it: a fault from here on would be the kernel's own.
    fn grow(&self, pages: usize) -> Option<Range<u64>> {
        spindle_abi::raw::stack_probe();
        heap::within(None, || self.0.grow(pages))
    }

    fn give_back(&self, start: u64) {
        spindle_abi::raw::stack_probe();
        heap::within(None, || self.0.give_back(start));
    }
}

// SAFETY: `acquire` allocates nothing from the allocator that it serves: it asks for pages, on the kernel's heap, and
// hands them to the allocator it was given.
unsafe impl<P: PageSource> Source for Growing<P> {
    fn acquire<B: Binning>(talc: &mut Talc<Self, B>, layout: Layout) -> Result<(), ()> {
        let bytes =
            layout.size().checked_add(layout.align()).and_then(|bytes| bytes.checked_add(OVERHEAD_BYTES));
        let enough = bytes.ok_or(())?.div_ceil(PAGE_BYTES as usize);
        let usual = enough.max(USUAL_PAGES);
        let range = talc.source.grow(usual).or_else(|| talc.source.grow(enough)).ok_or(())?;
        let bytes = (range.end - range.start) as usize;
        // SAFETY: the range is mapped, writable and this domain's alone (`PageSource`).
        unsafe { talc.claim(start(&range), bytes) }.map(drop).ok_or(())
    }
}
