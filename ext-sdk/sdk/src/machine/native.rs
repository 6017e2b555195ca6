//! Native code: a heap of the kernel's pages, and an instruction that is none.
//!
//! *Invariants.* `INV-SDK-2`: a span from `grow_heap` is this domain's alone until it dies.
#![allow(unsafe_code, reason = "raw pointers at the border to the kernel")]

use core::alloc::Layout;
use core::ptr::NonNull;

use spindle_interfaces::runtime::{HeapSpan, grow_heap};
use talc::TalcLock;
use talc::base::Talc;
use talc::base::binning::{Binning, DefaultBinning};
use talc::source::Source;

use crate::pages;

/// Raises an invalid-opcode exception.
pub(crate) fn abort() -> ! {
    // SAFETY: the exception ends the domain; control does not come back.
    unsafe { core::arch::asm!("ud2", options(noreturn, nomem, nostack)) }
}

#[global_allocator]
static HEAP: TalcLock<spin::Mutex<()>, KernelPages> = TalcLock::new(KernelPages { end: None });

const _: () = assert!(talc::min_first_heap_size::<DefaultBinning>() <= pages::OVERHEAD_BYTES);

/// Pages from the kernel, as one growing heap where they are neighbours.
#[derive(Debug)]
struct KernelPages {
    end: Option<NonNull<u8>>,
}

// SAFETY: the end of memory that is reached from every processor alike; the lock guards it.
unsafe impl Send for KernelPages {}

// SAFETY: `acquire` allocates nothing: it calls a kernel procedure, and the allocator it was given.
unsafe impl Source for KernelPages {
    fn acquire<B: Binning>(talc: &mut Talc<Self, B>, layout: Layout) -> Result<(), ()> {
        let span = grow(layout).ok_or(())?;
        let base = core::ptr::with_exposed_provenance_mut::<u8>(span.start as usize);
        let bytes = span.bytes as usize;
        let end = match talc.source.end.take() {
            Some(end) if end.as_ptr().addr() == base.addr() => {
                // SAFETY: INV-SDK-2; the span begins where this heap ends, so the sum stays in it.
                let new_end = unsafe { base.add(bytes) };
                // SAFETY: as above, and `end` is the end of a heap that this allocator claimed.
                Some(unsafe { talc.extend(end, new_end) })
            }
            // SAFETY: INV-SDK-2.
            _ => unsafe { talc.claim(base, bytes) },
        };
        talc.source.end = end;
        end.map(drop).ok_or(())
    }
}

/// Asks for the usual number of pages, then for just enough.
fn grow(layout: Layout) -> Option<HeapSpan> {
    let granted = |pages| Some(grow_heap(pages)).filter(|span| span.bytes > 0);
    granted(pages::usual(layout)?).or_else(|| granted(pages::enough(layout)?))
}
