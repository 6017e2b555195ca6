//! Address spaces of user programs: a lower half of their own below the kernel's upper half.
//!
//! # Concepts
//! The topmost table begins as a copy of the kernel's upper half, which never changes (INV-PAGING-3); so kernel code runs
//! in every address space, and no table is switched by a system call. The lower half is the program's, and only it has
//! pages that ring 3 may touch.
//!
//! The kernel never uses a program's addresses itself, it looks them up and goes through the window. So a bad address is
//! found by looking, never by faulting, and access to user pages stays forbidden to kernel code (SMAP) throughout.
//!
//! # Invariants
//! - `INV-SPACE-1`: all tables below the lower half's entries, all pages that they map, and the topmost table itself are
//!   frames of [`Owner::USER_PROGRAMS`] that only this address space refers to.
//! - `INV-SPACE-2`: a program does not run while its memory is read or written here: it runs on the strand that does so.
//! - `INV-SPACE-3`: tables are freed only after the processor has stopped using them: dropping makes sure.

use crate::paging::{LOWER_HALF, copy_upper_half, find, kernel_root};
use crate::region::Protection;
use crate::{Error, Owner, frames, window};
use spindle_arch::layout::{PAGE_BYTES, USER_END, USER_START};
use spindle_kerncore::frames::FrameNumber;
use x86_64::PhysAddr;
use x86_64::registers::control::{Cr3, Cr3Flags};
use x86_64::structures::paging::{PageTable, PageTableFlags as Flags, PhysFrame};

const OWNER: Owner = Owner::USER_PROGRAMS;

/// The memory of one user program; dropping it gives everything back.
#[derive(Debug)]
#[must_use = "dropping an address space frees it"]
pub struct AddressSpace {
    root: FrameNumber,
}

impl AddressSpace {
    /// One without any memory.
    ///
    /// # Errors
    /// [`Error::OutOfFrames`].
    pub fn new() -> Result<Self, Error> {
        let mut space = Self { root: frames::allocate_zeroed(OWNER)? };
        copy_upper_half(space.table(space.root));
        Ok(space)
    }

    /// Maps `pages` pages of zeros from `start` on.
    ///
    /// # Errors
    /// [`Error::NotUserMemory`], [`Error::Occupied`], [`Error::OutOfFrames`]; some of the pages may be mapped then.
    pub fn map(&mut self, start: u64, pages: u64, protection: Protection) -> Result<(), Error> {
        let end = pages.checked_mul(PAGE_BYTES).and_then(|bytes| start.checked_add(bytes));
        let inside = start >= USER_START && end.is_some_and(|end| end <= USER_END);
        if !inside || !start.is_multiple_of(PAGE_BYTES) {
            return Err(Error::NotUserMemory { address: start });
        }
        (0..pages).try_for_each(|page| self.map_one(start + page * PAGE_BYTES, protection))
    }

    fn map_one(&mut self, address: u64, protection: Protection) -> Result<(), Error> {
        let mut table = self.root;
        for level in (1..=4).rev() {
            let index = (address >> (12 + 9 * (level - 1))) as usize & 511;
            let entry = &mut self.table(table)[index];
            if level == 1 && !entry.is_unused() {
                return Err(Error::Occupied { address });
            }
            if entry.is_unused() {
                let below = if level == 1 { protection.flags() } else { Flags::PRESENT | Flags::WRITABLE };
                let frame = frames::allocate_zeroed(OWNER)?;
                entry.set_addr(PhysAddr::new(frame.0 * PAGE_BYTES), below | Flags::USER_ACCESSIBLE);
            }
            table = FrameNumber(entry.addr().as_u64() / PAGE_BYTES);
        }
        Ok(())
    }

    /// Writes `bytes` from `address` on, whatever the protection: this is how code gets into a program.
    ///
    /// # Errors
    /// [`Error::BadAddress`]; nothing is written then.
    pub fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), Error> {
        self.put(address, bytes, Flags::empty())
    }

    /// Copies from the program's memory, from `address` on, until `into` is full.
    ///
    /// # Errors
    /// [`Error::BadAddress`] unless the program may read all of it; nothing is copied then.
    pub fn copy_in(&self, address: u64, into: &mut [u8]) -> Result<(), Error> {
        self.for_each_piece(address, into.len(), Flags::empty(), |_, _, _| {})?;
        let mut done = 0;
        self.for_each_piece(address, into.len(), Flags::empty(), |frame, at, len| {
            // SAFETY: the frame is this program's (INV-SPACE-1), which does not run (INV-SPACE-2).
            unsafe { window::read(frame, at, &mut into[done..done + len]) };
            done += len;
        })
    }

    /// Copies all of `from` to the program's memory, from `address` on.
    ///
    /// # Errors
    /// [`Error::BadAddress`] unless the program may write all of it; nothing is copied then.
    pub fn copy_out(&self, address: u64, from: &[u8]) -> Result<(), Error> {
        self.put(address, from, Flags::WRITABLE)
    }

    /// Has the processor use these tables, until others are activated, or [`deactivate`] is called, or they are dropped.
    pub fn activate(&self) {
        load(self.root.0 * PAGE_BYTES);
    }

    /// One of its own tables, in `frame`.
    fn table(&mut self, frame: FrameNumber) -> &mut PageTable {
        // SAFETY: the callers get `frame` from the root and from entries of ranks above the lowest: a table of ours
        // (INV-SPACE-1), zero or filled by us; and we are borrowed mutably.
        unsafe { window::table_mut(frame.0 * PAGE_BYTES) }
    }

    /// Gives back a table of rank `level`, all tables below it and all pages of theirs; of the topmost, the lower half's.
    /// At rank 0 it is a page.
    fn release(&mut self, frame: FrameNumber, level: u32) {
        let entries = [0, 512, 512, 512, LOWER_HALF][level as usize];
        for index in 0..entries {
            let entry = self.table(frame)[index].clone();
            if !entry.is_unused() {
                self.release(FrameNumber(entry.addr().as_u64() / PAGE_BYTES), level - 1);
            }
        }
        frames::release(frame, OWNER);
    }

    fn put(&self, address: u64, from: &[u8], needed: Flags) -> Result<(), Error> {
        self.for_each_piece(address, from.len(), needed, |_, _, _| {})?;
        let mut rest = from;
        self.for_each_piece(address, from.len(), needed, |frame, at, len| {
            let (piece, after) = rest.split_at(len);
            rest = after;
            // SAFETY: as for `read`; nothing in the kernel refers to a program's bytes.
            unsafe { window::write(frame, at, piece) };
        })
    }

    /// Calls `piece(frame, offset in it, length)` for each page that the bytes touch, in order, as long as the program
    /// has the page with all the flags in `needed`. Never touches an address of the kernel's half.
    fn for_each_piece(
        &self,
        address: u64,
        len: usize,
        needed: Flags,
        mut piece: impl FnMut(FrameNumber, usize, usize),
    ) -> Result<(), Error> {
        let end = address.checked_add(len as u64).filter(|&end| end <= USER_END);
        let end = end.ok_or(Error::BadAddress { address })?;
        let mut at = address;
        while at < end {
            let within = at % PAGE_BYTES;
            let here = (PAGE_BYTES - within).min(end - at);
            let page = find(self.root.0 * PAGE_BYTES, at).filter(|(_, flags)| flags.contains(needed));
            let (physical, _) = page.ok_or(Error::BadAddress { address: at })?;
            piece(FrameNumber(physical / PAGE_BYTES), within as usize, here as usize);
            at += here;
        }
        Ok(())
    }
}

impl Drop for AddressSpace {
    fn drop(&mut self) {
        if Cr3::read().0.start_address().as_u64() == self.root.0 * PAGE_BYTES {
            deactivate();
        }
        self.release(self.root, 4);
    }
}

/// Has the processor use the kernel's own tables, whose lower half is empty.
pub fn deactivate() {
    load(kernel_root());
}

/// Loads the tables below the topmost one at physical address `root`; no old translation of the lower half survives.
fn load(root: u64) {
    let root = PhysFrame::containing_address(PhysAddr::new(root));
    // SAFETY: the kernel's own table, or one with the same upper half that outlives its use (INV-SPACE-3).
    unsafe { Cr3::write(root, Cr3Flags::empty()) };
}
