//! The kernel's allocator: the kernel heap, or the heap of the domain on whose behalf library code runs.
//!
//! *Concepts*: the kernel heap has a size fixed at boot, and an exact count of what is in use. While code of the kernel
//! works for one domain alone (the Wasm engine), [`within`] sends what it allocates to that domain's heap instead, so
//! that running out is the domain's fault and dropping the heap gives all of it back.
//!
//! Whoever asks for memory with `try_reserve` and the like gets an error when it is used up; the plain
//! forms panic, and belong only where the size was admitted before.
//!
//! *Invariants*
//! - `INV-HEAP-1`: `in_use` is the sum of the sizes asked for and not given back, without the allocator's
//!   own overhead: equal before and after means that nothing is left behind.
//! - `INV-HEAP-2`: a block is given back to the heap that it came from: addresses inside the kernel heap go there, any
//!   other to the domain heap of the newest scope.
//!
//! *Not here*: the heap that a native extension manages itself (`ext-sdk`); where the pages of a domain come from (`domain`).
//!
//! *Locking*: the allocator's own lock, innermost beside the frame table's; interrupts are off while it is held.

use crate::region::Protection;
use crate::{Error, Owner, frames, paging};
use core::alloc::{GlobalAlloc, Layout};
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use spindle_arch::cpu::current_record;
use spindle_arch::crossing::Scope;
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

/// Which heap is in force on a strand while a frame is live; `None` is the kernel's own.
#[repr(C)]
struct HeapScope<'a> {
    /// First, so that the address of one is the address of the other.
    scope: Scope,
    heap: Option<&'a dyn GlobalAlloc>,
}

/// Runs `f` with what it allocates coming from `heap`, or from the kernel heap for `None`.
///
/// If `f` is abandoned by a crossing that it runs in, the heap that was in force before is in force again.
/// Costs 8 instructions; allocates nothing.
#[inline(always)]
pub fn within<R>(heap: Option<&dyn GlobalAlloc>, f: impl FnOnce() -> R) -> R {
    let Some(record) = HAS_STRANDS.then(current_record).flatten() else { return f() };
    let opened = HeapScope { scope: Scope::new(), heap };
    // SAFETY: it is a local that outlives the call of `f`; it is closed below, or ended with `f` by `abandon_newest`. The
    // pointer is to all of it, as `in_force` wants it.
    unsafe { record.open((&raw const opened).cast()) };
    let result = f();
    // SAFETY: whatever `f` opened it has closed, or it was ended.
    unsafe { record.close(&opened.scope) };
    result
}

/// The domain heap that is in force on the calling strand, if any.
#[inline(always)]
fn in_force() -> Option<&'static dyn GlobalAlloc> {
    let scope = current_record()?.scope();
    // SAFETY: every scope is opened by `within`, and lies in a live frame of this strand.
    unsafe { scope.cast::<HeapScope<'static>>().as_ref() }?.heap
}

/// Whether the calling strand runs kernel code on behalf of one domain, with that domain's heap.
pub fn is_domains() -> bool {
    HAS_STRANDS && in_force().is_some()
}

/// On a host there are neither strands nor a kernel heap.
const HAS_STRANDS: bool = cfg!(target_os = "none");

fn is_kernels(memory: *mut u8) -> bool {
    (memory.addr() as u64).wrapping_sub(KERNEL_HEAP) < LARGEST_BYTES
}

// SAFETY: every call goes to one of the two allocators, unchanged, and back to the same (INV-HEAP-2); the counter only
// counts.
unsafe impl GlobalAlloc for KernelHeap {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if let Some(heap) = in_force() {
            // SAFETY: the caller's promises are passed on.
            return unsafe { heap.alloc(layout) };
        }
        // SAFETY: as above.
        let memory = unsafe { self.allocator.alloc(layout) };
        if !memory.is_null() {
            self.in_use.fetch_add(layout.size(), Relaxed);
        }
        memory
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        if !is_kernels(memory) {
            let heap = in_force().expect("what a domain's heap gave is given back in its scope (INV-HEAP-2)");
            // SAFETY: as above.
            return unsafe { heap.dealloc(memory, layout) };
        }
        // SAFETY: as above.
        unsafe { self.allocator.dealloc(memory, layout) };
        self.in_use.fetch_sub(layout.size(), Relaxed);
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if !is_kernels(memory) {
            let heap = in_force().expect("what a domain's heap gave grows in its scope (INV-HEAP-2)");
            // SAFETY: as above.
            return unsafe { heap.realloc(memory, layout, new_size) };
        }
        // SAFETY: as above.
        let moved = unsafe { self.allocator.realloc(memory, layout, new_size) };
        if !moved.is_null() {
            self.in_use.fetch_add(new_size, Relaxed);
            self.in_use.fetch_sub(layout.size(), Relaxed);
        }
        moved
    }
}
