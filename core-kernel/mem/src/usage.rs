//! Who holds how much memory, as one value that can be kept and compared.

use crate::{Owner, frames, heap};
use spindle_arch::layout::PAGE_BYTES;
use spindle_kerncore::frames::Counts;

/// All memory at one moment. Two equal values mean that nothing was left behind in between, owner by owner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Usage {
    frames: Counts,
    /// Bytes that the kernel heap was given at boot.
    pub heap_capacity_bytes: usize,
    /// Bytes of the kernel heap in use.
    pub heap_in_use_bytes: usize,
}

/// Takes stock. Cost: copies one count per possible owner (4 KiB).
pub fn usage() -> Usage {
    Usage {
        frames: frames::counts(),
        heap_capacity_bytes: heap::capacity_bytes(),
        heap_in_use_bytes: heap::in_use_bytes(),
    }
}

impl Usage {
    /// Bytes of the frames that `owner` holds.
    pub fn bytes_of(&self, owner: Owner) -> u64 {
        self.frames.count(owner) * PAGE_BYTES
    }

    /// Every owner that holds frames, [`Owner::FREE`] included, with its bytes.
    pub fn owners(&self) -> impl Iterator<Item = (Owner, u64)> + '_ {
        self.frames.iter().map(|(owner, frames)| (owner, frames * PAGE_BYTES))
    }

    /// Bytes of all memory that the kernel manages, free or not.
    pub fn total_bytes(&self) -> u64 {
        self.owners().map(|(_, bytes)| bytes).sum()
    }
}
