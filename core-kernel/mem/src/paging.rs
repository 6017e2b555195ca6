//! The live page tables: mapping, unmapping, and looking an address up.
//!
//! *Invariants*
//! - `INV-PAGING-1`: tables of the kernel's half that are made after boot belong to [`Owner::PAGE_TABLES`] and are given
//!   back as soon as they are empty; those of the boot loader are never given back.
//! - `INV-PAGING-2`: a page is mapped writable or executable, never both ([`Protection`] has no such value).
//!
//! - `INV-PAGING-3`: after boot the upper half of the kernel's topmost table never changes, so that every address space
//!   can have a copy of it: what all of it refers to is shared. The tables of the second rank that it needs are made at
//!   boot and kept.
//!
//! *Locking*: `TABLES` guards every change. [`translate`] reads without it: for the panic path.

use crate::region::Protection;
use crate::{Error, Owner, frames, window};
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
use spindle_arch::layout::{DOMAIN_HEAPS, KERNEL_HEAP, PAGE_BYTES, STACKS, WINDOW};
use spindle_arch::lock::{Lock, LockGuard};
use spindle_kerncore::frames::FrameNumber;
use x86_64::registers::control::Cr3;
use x86_64::structures::paging::mapper::{CleanUp, MapToError};
use x86_64::structures::paging::{
    FrameAllocator, FrameDeallocator, Mapper, OffsetPageTable, Page, PageTable, PageTableFlags as Flags,
    PhysFrame, Size4KiB,
};
use x86_64::{PhysAddr, VirtAddr};

static TABLES: Lock<()> = Lock::new(());

/// How many entries of the topmost table describe the lower half.
pub(crate) const LOWER_HALF: usize = 256;
/// A bit of an absent entry, that the processor does not look at: a table with such an entry is never empty.
const KEPT: Flags = Flags::BIT_9;
/// The areas where the kernel maps while it runs, and the loader has mapped nothing.
const AREAS: [u64; 3] = [KERNEL_HEAP, STACKS, DOMAIN_HEAPS];

/// The kernel's own topmost table; set once, at boot.
static KERNEL_ROOT: AtomicU64 = AtomicU64::new(0);

impl Protection {
    pub(crate) fn flags(self) -> Flags {
        let rights = match self {
            Self::ReadOnly => Flags::NO_EXECUTE,
            Self::ReadWrite => Flags::NO_EXECUTE.union(Flags::WRITABLE),
            Self::ReadExecute => Flags::empty(),
        };
        Flags::PRESENT | rights
    }
}

/// Maps `pages` pages from `address` on to new frames of `owner`, which `new_frame` provides.
///
/// # Errors
/// [`Error::OutOfFrames`]; nothing stays mapped.
///
/// # Safety
/// The pages lie in a span of the caller's and are not mapped.
pub(crate) unsafe fn map(
    address: u64,
    pages: usize,
    protection: Protection,
    owner: Owner,
    new_frame: fn(Owner) -> Result<FrameNumber, Error>,
) -> Result<(), Error> {
    let mut tables = Tables::lock();
    for done in 0..pages {
        let at = address + done as u64 * PAGE_BYTES;
        let mapped = new_frame(owner).and_then(|frame| tables.map_one(at, frame, protection, owner));
        if mapped.is_err() {
            tables.unmap(address, done, owner);
            tables.remove_empty(address, done + 1);
            return mapped;
        }
    }
    Ok(())
}

/// Unmaps `pages` pages from `address` on, and gives back their frames and the tables that are empty then.
///
/// # Safety
/// The pages are the caller's and mapped by [`map`] for `owner`; nothing refers to their contents any more.
pub(crate) unsafe fn unmap(address: u64, pages: usize, owner: Owner) {
    let mut tables = Tables::lock();
    tables.unmap(address, pages, owner);
    tables.remove_empty(address, pages);
}

/// The physical address behind `address`; `None` if nothing is mapped there.
/// Takes no lock, so it can be asked while the kernel dies; the answer may be old by then.
pub fn translate(address: u64) -> Option<u64> {
    find(root(), address).map(|(physical, _)| physical)
}

/// The physical address behind `address` in the tables below `root`, and the flags of its last entry.
pub(crate) fn find(root: u64, address: u64) -> Option<(u64, Flags)> {
    let mut physical = root;
    for level in (1..=4).rev() {
        // SAFETY: `physical` is the root or comes from a present entry, so a table is there. It could be
        // freed meanwhile by another processor; the frame then still is RAM, and any entry only a number.
        let table = unsafe { window::table(physical) };
        let shift = 12 + 9 * (level - 1);
        let entry = &table[(address >> shift) as usize & 511];
        let flags = entry.flags();
        if !flags.contains(Flags::PRESENT) {
            return None;
        }
        physical = entry.addr().as_u64();
        let within = (1u64 << shift) - 1;
        if level == 1 || flags.contains(Flags::HUGE_PAGE) {
            return Some((physical & !within | address & within, flags));
        }
    }
    None
}

/// Unmaps the whole lower half: the boot loader's last instructions and nothing that we need.
pub(crate) fn empty_lower_half() {
    let mut tables = Tables::lock();
    tables.mapper.level_4_table_mut().iter_mut().take(LOWER_HALF).for_each(|entry| entry.set_unused());
    x86_64::instructions::tlb::flush_all();
}

/// Notes which table is the kernel's: the one in use. Called once, before anything is mapped.
pub(crate) fn adopt_root() {
    KERNEL_ROOT.store(root(), Relaxed);
}

/// Makes the tables right below the topmost one that the kernel will ever need (INV-PAGING-3); called once, at boot.
pub(crate) fn complete_upper_half() -> Result<(), Error> {
    let mut tables = Tables::lock();
    for area in AREAS {
        let top = tables.mapper.level_4_table_mut();
        let entry = &mut top[VirtAddr::new(area).p4_index()];
        if entry.is_unused() {
            let frame = frames::allocate_zeroed(Owner::PAGE_TABLES)?;
            entry.set_addr(PhysAddr::new(frame.0 * PAGE_BYTES), Flags::PRESENT | Flags::WRITABLE);
        }
        let second = entry.addr().as_u64();
        // SAFETY: a table of the kernel's, which the lock makes ours to change; no reference to it is alive.
        let second = unsafe { window::table_mut(second) };
        let last = second.iter_mut().last().expect("a table has 512 entries");
        if last.is_unused() {
            last.set_addr(PhysAddr::zero(), KEPT);
        }
    }
    Ok(())
}

/// Copies the kernel's upper half into the topmost table of an address space.
pub(crate) fn copy_upper_half(into: &mut PageTable) {
    let tables = Tables::lock();
    let kernel = tables.mapper.level_4_table();
    into.iter_mut().zip(kernel.iter()).skip(LOWER_HALF).for_each(|(own, kernel)| *own = kernel.clone());
}

/// The physical address of the kernel's topmost table.
pub(crate) fn kernel_root() -> u64 {
    KERNEL_ROOT.load(Relaxed)
}

/// Runs `body` while no page table changes; it gets the physical address of the topmost one.
pub(crate) fn while_still<R>(body: impl FnOnce(u64) -> R) -> R {
    let _still = TABLES.lock();
    body(root())
}

fn root() -> u64 {
    Cr3::read().0.start_address().as_u64()
}

fn page(address: u64) -> Page<Size4KiB> {
    Page::containing_address(VirtAddr::new(address))
}

/// The right to change the tables.
struct Tables<'a> {
    mapper: OffsetPageTable<'static>,
    _alone: LockGuard<'a, ()>,
}

impl Tables<'_> {
    /// The kernel's, whatever address space is active: its half is everybody's.
    fn lock() -> Self {
        let alone = TABLES.lock();
        // SAFETY: the kernel's table is always there; we alone change it while `alone` lives.
        let root = unsafe { window::table_mut(kernel_root()) };
        // SAFETY: INV-LAYOUT-2 says that the window maps all physical memory.
        let mapper = unsafe { OffsetPageTable::new(root, VirtAddr::new(WINDOW)) };
        Self { mapper, _alone: alone }
    }

    /// Maps one page; the frame goes back if that fails.
    fn map_one(
        &mut self,
        address: u64,
        frame: FrameNumber,
        protection: Protection,
        owner: Owner,
    ) -> Result<(), Error> {
        let parents = Flags::PRESENT | Flags::WRITABLE;
        let target = PhysFrame::containing_address(PhysAddr::new(frame.0 * PAGE_BYTES));
        let (page, flags) = (page(address), protection.flags());
        // SAFETY: `map`'s caller has the page, the frame is new: the mapping shares nothing with anyone.
        match unsafe { self.mapper.map_to_with_table_flags(page, target, flags, parents, &mut TableFrames) } {
            // No flush: an entry that was not present is in no cache.
            Ok(flush) => flush.ignore(),
            Err(MapToError::FrameAllocationFailed) => {
                frames::release(frame, owner);
                return Err(Error::OutOfFrames);
            }
            Err(error) => panic!("the page at {address:#x} is in use already: {error:?}"),
        }
        Ok(())
    }

    /// Unmaps pages that `map_one` mapped; a frame is given back when no cache knows it any more.
    fn unmap(&mut self, address: u64, pages: usize, owner: Owner) {
        for index in 0..pages as u64 {
            let page = page(address + index * PAGE_BYTES);
            let (frame, flush) = self.mapper.unmap(page).expect("the page was mapped by `map_one`");
            flush.flush();
            frames::release(FrameNumber(frame.start_address().as_u64() / PAGE_BYTES), owner);
        }
    }

    fn remove_empty(&mut self, address: u64, pages: usize) {
        let last = address + (pages as u64 - 1) * PAGE_BYTES;
        let range = Page::range_inclusive(page(address), page(last));
        // SAFETY: frees tables without entries in a range that the caller has alone; INV-PAGING-1.
        unsafe { self.mapper.clean_up_addr_range(range, &mut TableFrames) };
    }
}

/// Frames for page tables.
struct TableFrames;

// SAFETY: `frames::allocate` gives each frame to one party.
unsafe impl FrameAllocator<Size4KiB> for TableFrames {
    fn allocate_frame(&mut self) -> Option<PhysFrame> {
        let frame = frames::allocate(Owner::PAGE_TABLES).ok()?;
        Some(PhysFrame::containing_address(PhysAddr::new(frame.0 * PAGE_BYTES)))
    }
}

impl FrameDeallocator<Size4KiB> for TableFrames {
    unsafe fn deallocate_frame(&mut self, frame: PhysFrame) {
        frames::release(FrameNumber(frame.start_address().as_u64() / PAGE_BYTES), Owner::PAGE_TABLES);
    }
}
