//! The window through which the kernel reads and writes frames, whatever their mapping allows.
//!
//! It shows all of RAM, code included, and can be written to: that is how code gets into a region. So nothing
//! outside this crate is given an address in it.
//!
//! *Invariants*: `INV-LAYOUT-2`: every frame of RAM is mapped at `WINDOW` plus its physical address.

use core::ops::Range;
use spindle_arch::layout::{PAGE_BYTES, WINDOW};
use spindle_kerncore::frames::FrameNumber;
use x86_64::structures::paging::PageTable;

/// Where the window shows physical address `physical`.
pub(crate) fn address(physical: u64) -> u64 {
    WINDOW + physical
}

fn bytes_of(frame: FrameNumber) -> *mut u8 {
    address(frame.0 * PAGE_BYTES) as *mut u8
}

/// Fills `frame` with zeros.
///
/// # Safety
/// The frame is RAM that nobody else uses.
pub(crate) unsafe fn zero(frame: FrameNumber) {
    // SAFETY: mapped and writable by INV-LAYOUT-2; the caller has the frame alone.
    unsafe { bytes_of(frame).write_bytes(0, PAGE_BYTES as usize) }
}

/// Copies `bytes` into `frame` from offset `at` on.
///
/// # Safety
/// The frame is RAM that the caller may write to; no reference to those bytes is alive.
pub(crate) unsafe fn write(frame: FrameNumber, at: usize, bytes: &[u8]) {
    assert!(within_frame(at..at + bytes.len()), "the caller splits at page boundaries");
    // SAFETY: inside the frame by the assertion.
    let target = unsafe { bytes_of(frame).add(at) };
    // SAFETY: mapped by INV-LAYOUT-2, inside the frame by the assertion; the caller vouches for the rest.
    unsafe { target.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) }
}

/// Copies from offset `at` of `frame` into `bytes`.
///
/// # Safety
/// The frame is RAM of the caller's, and nobody writes to those bytes meanwhile.
pub(crate) unsafe fn read(frame: FrameNumber, at: usize, bytes: &mut [u8]) {
    assert!(within_frame(at..at + bytes.len()), "the caller splits at page boundaries");
    // SAFETY: inside the frame by the assertion.
    let source = unsafe { bytes_of(frame).add(at) };
    // SAFETY: as for `write`.
    unsafe { bytes.as_mut_ptr().copy_from_nonoverlapping(source, bytes.len()) }
}

/// The page table in the frame at physical address `physical`.
///
/// # Safety
/// There is a page table, and it stays one for `'a`.
pub(crate) unsafe fn table<'a>(physical: u64) -> &'a PageTable {
    // SAFETY: mapped by INV-LAYOUT-2; the caller vouches for the contents.
    unsafe { &*(address(physical) as *const PageTable) }
}

/// The page table in the frame at physical address `physical`, to be changed.
///
/// # Safety
/// There is a page table, it stays one for `'a`, and nobody else refers to it meanwhile.
pub(crate) unsafe fn table_mut<'a>(physical: u64) -> &'a mut PageTable {
    // SAFETY: mapped by INV-LAYOUT-2; the caller vouches for the contents and for being alone.
    unsafe { &mut *(address(physical) as *mut PageTable) }
}

fn within_frame(bytes: Range<usize>) -> bool {
    bytes.start <= bytes.end && bytes.end <= PAGE_BYTES as usize
}
