//! The kernel heap: a size fixed at boot, and an exact count of what is in use.
//!
//! Whoever asks for memory with `try_reserve` and the like gets an error when it is used up; the plain
//! forms panic, and belong only where the size was admitted before.
//!
//! *Invariants*
//! - `INV-HEAP-1`: `in_use` is the sum of the sizes asked for and not given back, without the allocator's
//!   own overhead: equal before and after means that nothing is left behind.
//!
//! *Locking*: the allocator's own lock, innermost beside the frame table's; interrupts are off while it is held.

use crate::region::Protection;
use crate::{Error, Owner, frames, paging};
use core::alloc::{GlobalAlloc, Layout};
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use spindle_arch::layout::{KERNEL_HEAP, PAGE_BYTES};
use spindle_arch::lock::RawLock;
use talc::TalcLock;
use talc::source::Manual;

/// Part of the memory free at boot that becomes the heap.
const PART: u64 = 8;
const SMALLEST_BYTES: u64 = 4 << 20;
const LARGEST_BYTES: u64 = 64 << 20;

struct KernelHeap {
    allocator: TalcLock<RawLock, Manual>,
    in_use: AtomicUsize,
    capacity: AtomicUsize,
}

#[cfg_attr(target_os = "none", global_allocator)]
static HEAP: KernelHeap = KernelHeap {
    allocator: TalcLock::new(Manual),
    in_use: AtomicUsize::new(0),
    capacity: AtomicUsize::new(0),
};

/// Bytes that the heap was given at boot.
pub fn capacity_bytes() -> usize {
    HEAP.capacity.load(Relaxed)
}

/// Bytes asked for and not given back.
pub fn in_use_bytes() -> usize {
    HEAP.in_use.load(Relaxed)
}

/// Maps the heap and hands it to the allocator; called once, at boot.
pub(crate) fn start(free_bytes: u64) -> Result<(), Error> {
    let pages = (free_bytes / PART).clamp(SMALLEST_BYTES, LARGEST_BYTES) / PAGE_BYTES;
    let bytes = (pages * PAGE_BYTES) as usize;
    let (pages, protection, owner) = (pages as usize, Protection::ReadWrite, Owner::KERNEL_HEAP);
    // SAFETY: the area belongs to the heap alone, which is mapped once.
    unsafe { paging::map(KERNEL_HEAP, pages, protection, owner, frames::allocate) }?;
    // SAFETY: just mapped, never unmapped, used by nobody else.
    unsafe { HEAP.allocator.lock().claim(KERNEL_HEAP as *mut u8, bytes) }.ok_or(Error::TooLittleMemory)?;
    HEAP.capacity.store(bytes, Relaxed);
    Ok(())
}

// SAFETY: every call goes to the allocator under its lock, unchanged; the counter only counts.
unsafe impl GlobalAlloc for KernelHeap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are passed on.
        let memory = unsafe { self.allocator.alloc(layout) };
        if !memory.is_null() {
            self.in_use.fetch_add(layout.size(), Relaxed);
        }
        memory
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { self.allocator.dealloc(memory, layout) };
        self.in_use.fetch_sub(layout.size(), Relaxed);
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: as above.
        let moved = unsafe { self.allocator.realloc(memory, layout, new_size) };
        if !moved.is_null() {
            self.in_use.fetch_add(new_size, Relaxed);
            self.in_use.fetch_sub(layout.size(), Relaxed);
        }
        moved
    }
}
