//! Handlers that ask for a range of a field: a segment tree from values to handlers.
//!
//! # Concepts
//! The ends of the ranges cut the numbers into *segments*; no range divides one. They are the leaves of a binary tree in a list: the
//! parent of node `n` is `n / 2`, the root is 1. A handler is with the fewest nodes that have just its segments below them.
//!
//! ```text
//!     starts      0      80      91    100          ranges: a = 80..=90, b = 80..=99, c = 100..
//!     segments    │ 0..  │ 80..  │ 91.. │ 100..
//!     leaves      4      5 {a,b} 6 {b}  7 {c}
//!     parents        2              3               1: the root
//! ```
//! Who is asked for is with the value's leaf and the nodes above it: O(log n) of them, no handler with two. Each handler is with
//! O(log n) nodes.

use crate::InstallError;
use crate::reclaim::with_room;
use alloc::vec::Vec;
use core::iter;
use spindle_abi::Key;

/// The handlers that are found by a range of one field.
#[derive(Debug)]
pub(super) struct Tree {
    field: usize,
    /// Where the segments begin, ascending; 0 is the first.
    starts: Vec<u64>,
    /// Where in `positions` those of each node end, and those of the next begin. There is no node 0.
    ends: Vec<u32>,
    /// The positions of each node's handlers, ascending.
    positions: Vec<u32>,
}

impl Tree {
    /// Makes the tree for the handlers with these ranges and ascending positions. O(n log n) for n of them, in time and memory.
    pub(super) fn build(
        field: usize,
        handlers: impl Iterator<Item = (u64, u64, u32)> + Clone,
    ) -> Result<Self, InstallError> {
        let starts = starts(handlers.clone().map(|(from, to, _)| (from, to)))?;
        let leaves = starts.len();
        let mut ends = with_room(2 * leaves)?;
        ends.resize(2 * leaves, 0);
        let leaf = |value| leaves + segment(&starts, value);
        for (from, to, _) in handlers.clone() {
            cover(leaf(from), leaf(to), |node| ends[node] += 1);
        }
        let room = begin(&mut ends)?;
        let mut positions = with_room(room)?;
        positions.resize(room, 0);
        for (from, to, position) in handlers {
            cover(leaf(from), leaf(to), |node| {
                positions[ends[node] as usize] = position;
                ends[node] += 1;
            });
        }
        Ok(Self { field, starts, ends, positions })
    }

    /// The leaf of the value that `keys` has, if it has one.
    pub(super) fn leaf(&self, keys: &[Key<'_>]) -> Option<usize> {
        match keys.get(self.field)? {
            Key::Integer(integer) => Some(self.starts.len() + segment(&self.starts, *integer)),
            Key::Word(_) => None,
        }
    }

    /// The handlers of this leaf and of each node above it, in lists that ascend and share nobody. O(log n) lists.
    pub(super) fn lists(&self, leaf: Option<usize>) -> impl Iterator<Item = &[u32]> {
        let nodes = iter::successors(leaf, |&node| (node > 1).then_some(node / 2));
        nodes.filter_map(|node| {
            let (begin, end) = (*self.ends.get(node.checked_sub(1)?)?, *self.ends.get(node)?);
            self.positions.get(begin as usize..end as usize)
        })
    }
}

/// Where the segments begin that these ranges divide the numbers into.
fn starts(ranges: impl Iterator<Item = (u64, u64)> + Clone) -> Result<Vec<u64>, InstallError> {
    let mut starts = with_room(2 * ranges.clone().count() + 1)?;
    starts.push(0);
    // Behind the largest number nothing begins.
    starts.extend(ranges.flat_map(|(from, to)| [Some(from), to.checked_add(1)]).flatten());
    starts.sort_unstable();
    starts.dedup();
    Ok(starts)
}

/// The segment that `value` is in.
fn segment(starts: &[u64], value: u64) -> usize {
    starts.partition_point(|&start| start <= value) - 1
}

/// Shows the fewest nodes that have the leaves from `left` to `right` below them, and no others.
fn cover(mut left: usize, right: usize, mut see: impl FnMut(usize)) {
    let mut behind = right + 1;
    while left < behind {
        if left % 2 == 1 {
            see(left);
            left += 1;
        }
        if behind % 2 == 1 {
            behind -= 1;
            see(behind);
        }
        (left, behind) = (left / 2, behind / 2);
    }
}

/// Makes of counts where each begins, and returns their sum.
fn begin(counts: &mut [u32]) -> Result<usize, InstallError> {
    let mut sum = 0_u32;
    for count in counts {
        let next = sum.checked_add(*count).ok_or(InstallError::OutOfMemory)?;
        *count = core::mem::replace(&mut sum, next);
    }
    Ok(sum as usize)
}
