//! Which frames of memory are whose: a bitmap of the free ones and the owner of every one.
//!
//! *Interface*: [`FrameTable::add`] at boot, then [`FrameTable::allocate`] and [`FrameTable::release`].
//! The memory for the table comes from the caller, [`bytes_for`] says how much.
//!
//! *Invariants*
//! - `INV-FRAMES-1`: a frame's bit is set exactly if its owner is [`Owner::FREE`].
//! - `INV-FRAMES-2`: `counts[o]` is the number of frames whose owner is `o`.
//! - `INV-FRAMES-3`: no free frame lies in a word of the bitmap before `hint`.

use core::fmt;
use core::ops::Range;

/// How many owners there can be, the fixed ones and the domains together.
pub const OWNERS: usize = 1024;
const FIRST_DOMAIN: u16 = 16;

/// Whom a frame is charged to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Owner(u16);

impl Owner {
    /// No memory, or not ours to give: holes, devices, firmware.
    pub const ABSENT: Self = Self(0);
    /// Nobody: free.
    pub const FREE: Self = Self(1);
    /// What the boot loader left: its tables, boot information, ramdisk, the first stack.
    pub const BOOT: Self = Self(2);
    /// The kernel's image.
    pub const KERNEL_IMAGE: Self = Self(3);
    /// The kernel's heap.
    pub const KERNEL_HEAP: Self = Self(4);
    /// Page tables made after boot.
    pub const PAGE_TABLES: Self = Self(5);
    /// The kernel's stacks.
    pub const STACKS: Self = Self(6);
    /// This table.
    pub const FRAME_TABLE: Self = Self(7);
    /// User programs: their pages and their page tables.
    pub const USER_PROGRAMS: Self = Self(8);
    /// How many domains can own frames.
    pub const MAX_DOMAINS: u32 = OWNERS as u32 - FIRST_DOMAIN as u32;

    /// The domain in slot `slot`; `None` from [`Owner::MAX_DOMAINS`] on.
    pub const fn domain(slot: u32) -> Option<Self> {
        if slot < Self::MAX_DOMAINS { Some(Self(FIRST_DOMAIN + slot as u16)) } else { None }
    }

    /// The slot of the domain that this owner is, if it is one.
    pub const fn domain_slot(self) -> Option<u32> {
        if self.0 >= FIRST_DOMAIN { Some((self.0 - FIRST_DOMAIN) as u32) } else { None }
    }

    /// A word for listings; `domain` for all domains.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ABSENT => "absent",
            Self::FREE => "free",
            Self::BOOT => "boot",
            Self::KERNEL_IMAGE => "kernel_image",
            Self::KERNEL_HEAP => "kernel_heap",
            Self::PAGE_TABLES => "page_tables",
            Self::STACKS => "stacks",
            Self::FRAME_TABLE => "frame_table",
            Self::USER_PROGRAMS => "user_programs",
            Self(FIRST_DOMAIN..) => "domain",
            Self(_) => "reserved",
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.domain_slot() {
            Some(slot) => write!(out, "domain {slot}"),
            None => out.write_str(self.name()),
        }
    }
}

/// A frame by its number: its physical address divided by its size.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FrameNumber(pub u64);

/// Why a frame was not released. Both are bugs of the caller, which keeps the frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReleaseError {
    /// The table does not reach to this frame: its number is wrong.
    OutOfRange(FrameNumber),
    /// It belongs to someone else (or to nobody: released twice). Look at who released it first.
    NotOwner {
        /// The frame.
        frame: FrameNumber,
        /// Whose it is.
        owner: Owner,
    },
}

/// Bytes of memory that a table for `frames` frames takes, aligned to 8.
pub const fn bytes_for(frames: usize) -> usize {
    frames.div_ceil(64) * (8 + 64 * 2)
}

/// The table; see the module's head.
#[derive(Debug)]
pub struct FrameTable<'m> {
    free: &'m mut [u64],
    owners: &'m mut [u16],
    counts: [u32; OWNERS],
    hint: usize,
}

impl<'m> FrameTable<'m> {
    /// A table of absent frames in the memory `words`: as many as fit (see [`bytes_for`]).
    pub fn new(words: &'m mut [u64], owners: &'m mut [u16]) -> Self {
        words.fill(0);
        owners.fill(Owner::ABSENT.0);
        let mut counts = [0; OWNERS];
        counts[usize::from(Owner::ABSENT.0)] = owners.len() as u32;
        let hint = words.len();
        Self { free: words, owners, counts, hint }
    }

    /// Gives the frames of `range` to `owner`, whoever had them; those beyond the table are left out.
    /// Cost: a few steps for each 64 frames.
    pub fn add(&mut self, range: Range<FrameNumber>, owner: Owner) {
        let end = range.end.0.min(self.frames() as u64) as usize;
        let start = range.start.0.min(end as u64) as usize;
        let owners = &mut self.owners[start..end];
        for run in owners.chunk_by(|a, b| a == b) {
            self.counts[usize::from(run[0])] -= run.len() as u32;
        }
        owners.fill(owner.0);
        self.counts[usize::from(owner.0)] += (end - start) as u32;
        self.mark(start..end, owner == Owner::FREE);
    }

    /// Takes a free frame for `owner`. Cost: constant, but for a search when low frames ran out.
    pub fn allocate(&mut self, owner: Owner) -> Option<FrameNumber> {
        let found = self.free.get(self.hint..)?.iter().position(|&word| word != 0);
        let Some(word) = found.map(|offset| self.hint + offset) else {
            self.hint = self.free.len();
            return None;
        };
        let frame = word * 64 + self.free[word].trailing_zeros() as usize;
        self.set(frame, owner);
        self.hint = word;
        Some(FrameNumber(frame as u64))
    }

    /// Makes `frame` free again.
    ///
    /// # Errors
    /// Nothing changes if the frame is not `owner`'s.
    pub fn release(&mut self, frame: FrameNumber, owner: Owner) -> Result<(), ReleaseError> {
        let found = self.owner_of(frame).ok_or(ReleaseError::OutOfRange(frame))?;
        if found != owner || owner == Owner::FREE || owner == Owner::ABSENT {
            return Err(ReleaseError::NotOwner { frame, owner: found });
        }
        self.set(frame.0 as usize, Owner::FREE);
        Ok(())
    }

    /// Whose `frame` is; `None` beyond the table.
    pub fn owner_of(&self, frame: FrameNumber) -> Option<Owner> {
        usize::try_from(frame.0).ok().and_then(|index| self.owners.get(index)).map(|&owner| Owner(owner))
    }

    /// How many frames `owner` has.
    pub fn count(&self, owner: Owner) -> u64 {
        u64::from(self.counts[usize::from(owner.0)])
    }

    /// How many frames each owner has, as one value to keep and compare.
    pub fn counts(&self) -> Counts {
        Counts(self.counts)
    }

    /// How many frames the table describes, absent ones included.
    pub fn frames(&self) -> usize {
        self.owners.len().min(self.free.len() * 64)
    }

    fn set(&mut self, frame: usize, owner: Owner) {
        let before = core::mem::replace(&mut self.owners[frame], owner.0);
        self.counts[usize::from(before)] -= 1;
        self.counts[usize::from(owner.0)] += 1;
        self.mark(frame..frame + 1, owner == Owner::FREE);
    }

    fn mark(&mut self, frames: Range<usize>, free: bool) {
        let mut at = frames.start;
        while at < frames.end {
            let (word, first) = (at / 64, at % 64);
            let here = (64 - first).min(frames.end - at);
            let bits = u64::MAX >> (64 - here) << first;
            if free {
                self.free[word] |= bits;
                self.hint = self.hint.min(word);
            } else {
                self.free[word] &= !bits;
            }
            at += here;
        }
    }
}

/// How many frames each owner had at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counts([u32; OWNERS]);

impl Counts {
    /// How many frames `owner` had.
    pub fn count(&self, owner: Owner) -> u64 {
        u64::from(self.0[usize::from(owner.0)])
    }

    /// Every owner with at least one frame, [`Owner::ABSENT`] left out.
    pub fn iter(&self) -> impl Iterator<Item = (Owner, u64)> + '_ {
        (0u16..)
            .map(Owner)
            .zip(self.0.iter().map(|&count| u64::from(count)))
            .skip(1)
            .filter(|entry| entry.1 > 0)
    }
}

#[cfg(test)]
mod tests;
