//! From the boot loader's memory map to memory that can be asked for.
//!
//! ```text
//!  memory map ─> frame table (in the first usable range that holds it) ─> owners of all frames
//!             ─> lower half emptied, upper half made complete ─> W^X of what the loader mapped asserted ─> kernel heap mapped
//! ```

use crate::{Error, Owner, audit, frames, heap, paging, window};
use core::ops::Range;
use core::slice::from_raw_parts_mut;
use spindle_arch::layout::PAGE_BYTES;
use spindle_kerncore::frames::{FrameNumber, FrameTable, bytes_for};

/// What a range of physical memory is to us.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RangeKind {
    /// RAM that nobody uses.
    Usable,
    /// RAM that the boot loader filled for us.
    Loader,
    /// Anything else.
    Other,
}

/// A range of physical addresses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PhysicalRange {
    /// First address.
    pub start: u64,
    /// Address just above.
    pub end: u64,
    /// What it is.
    pub kind: RangeKind,
}

/// Memory below this is left alone: firmware data, and the code that will start other processors.
const LOWEST: u64 = 1 << 20;

/// Takes over all memory; called once, on the boot processor, with interrupts off.
///
/// `ranges` is the boot loader's map, `image` where it keeps the kernel's file.
///
/// # Errors
/// [`Error::TooLittleMemory`], [`Error::OutOfFrames`], [`Error::WritableAndExecutable`]: boot cannot go on.
///
/// # Safety
/// What the map calls usable is RAM that nothing refers to; INV-LAYOUT-2 holds.
pub unsafe fn start(
    ranges: impl Iterator<Item = PhysicalRange> + Clone,
    image: Range<u64>,
) -> Result<(), Error> {
    let managed = ranges.clone().filter(|range| range.kind != RangeKind::Other);
    let frames = managed.clone().map(|range| range.end / PAGE_BYTES).max().unwrap_or(0) as usize;
    let table_bytes = (bytes_for(frames) as u64).next_multiple_of(PAGE_BYTES);
    let place = managed
        .clone()
        .filter(|range| range.kind == RangeKind::Usable)
        .map(|range| range.start.max(LOWEST).next_multiple_of(PAGE_BYTES)..range.end)
        .find(|range| range.end.saturating_sub(range.start) >= table_bytes)
        .ok_or(Error::TooLittleMemory)?;
    // SAFETY: `place` is usable RAM of that length, and charged to the table below before anyone can ask.
    let mut table = unsafe { table_at(place.start, frames) };
    for range in managed {
        let owner = if range.kind == RangeKind::Usable { Owner::FREE } else { Owner::BOOT };
        table.add(whole_frames(range.start.max(LOWEST)..range.end), owner);
    }
    table.add(covering_frames(image), Owner::KERNEL_IMAGE);
    table.add(covering_frames(place.start..place.start + table_bytes), Owner::FRAME_TABLE);
    let free_bytes = table.count(Owner::FREE) * PAGE_BYTES;
    frames::install(table);
    paging::adopt_root();
    paging::empty_lower_half();
    paging::complete_upper_half()?;
    assert_protected()?;
    heap::start(free_bytes)
}

/// # Safety
/// From physical address `start` on there are `bytes_for(frames)` bytes of RAM that nobody uses.
unsafe fn table_at(start: u64, frames: usize) -> FrameTable<'static> {
    let words = frames.div_ceil(64);
    let free = window::address(start) as *mut u64;
    // SAFETY: inside the bytes that the caller vouches for: `bytes_for` counts the words first.
    let owners = unsafe { free.add(words) }.cast::<u16>();
    // SAFETY: mapped by INV-LAYOUT-2, page aligned, the caller's to give, and any bits are valid words.
    let free = unsafe { from_raw_parts_mut(free, words) };
    // SAFETY: as above; `bytes_for` counts 64 owners for each word.
    let owners = unsafe { from_raw_parts_mut(owners, frames) };
    FrameTable::new(free, owners)
}

fn whole_frames(range: Range<u64>) -> Range<FrameNumber> {
    FrameNumber(range.start.div_ceil(PAGE_BYTES))..FrameNumber(range.end / PAGE_BYTES)
}

fn covering_frames(range: Range<u64>) -> Range<FrameNumber> {
    FrameNumber(range.start / PAGE_BYTES)..FrameNumber(range.end.div_ceil(PAGE_BYTES))
}

fn assert_protected() -> Result<(), Error> {
    let mut wrong = None;
    audit::walk(|mapping| {
        if mapping.writable && mapping.executable {
            wrong = wrong.or(Some(mapping.start));
        }
    });
    wrong.map_or(Ok(()), |address| Err(Error::WritableAndExecutable { address }))
}
