//! The handlers that a raise has to look at, in the order of the table.
//!
//! Two ascending lists are merged as they are read. More of them, and of unknown number, are merged block by block: the positions
//! from the next one on that lie within 64 of it are marked in a word. So a raise needs no memory for where it is in each list, and
//! many overlapping ranges cost little for each handler.

use super::flat::Flat;
use super::tree::Tree;
use spindle_abi::{Key, KeyField};

/// Positions in the table, ascending (INV-KEY-1).
///
/// The two lists and where the others are: few enough words that a raise with one hit keeps them in registers.
#[derive(Debug)]
pub(crate) struct Candidates<'a, 'r> {
    linear: &'a [u32],
    run: &'a [u32],
    /// Whose turn it is once both lists are at their ends: they are empty if there is this.
    mixed: Option<&'r mut Mixed<'a>>,
}

impl<'a, 'r> Candidates<'a, 'r> {
    #[inline(always)]
    pub(super) fn two(linear: &'a [u32], run: &'a [u32]) -> Self {
        Self { linear, run, mixed: None }
    }

    #[inline(always)]
    pub(super) fn mixed(mixed: &'r mut Mixed<'a>) -> Self {
        Self { linear: &[], run: &[], mixed: Some(mixed) }
    }
}

impl Iterator for Candidates<'_, '_> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        let next = match (self.linear.split_first(), self.run.split_first()) {
            (Some((&next, rest)), run) if run.is_none_or(|(&run, _)| next < run) => {
                self.linear = rest;
                next
            }
            (_, Some((&next, rest))) => {
                self.run = rest;
                next
            }
            (_, None) => self.mixed.as_deref_mut()?.next()?,
        };
        Some(next as usize)
    }
}

/// Any number of lists, each of which ascends and none of which has a position of another.
#[derive(Debug)]
pub(crate) struct Mixed<'a> {
    linear: &'a [u32],
    runs: [&'a [u32]; KeyField::MAX_PER_EVENT],
    trees: &'a [Tree],
    leaves: [Option<usize>; KeyField::MAX_PER_EVENT],
    /// The first position that no block had yet, if there is one.
    from: Option<u32>,
    /// The first position of the block.
    base: u32,
    /// The positions of the block that are still to come, counted from its first.
    marks: u64,
}

impl<'a> Mixed<'a> {
    #[inline(never)]
    pub(super) fn new(linear: &'a [u32], flats: &'a [Flat], trees: &'a [Tree], keys: &[Key<'_>]) -> Self {
        let (runs, leaves) = Default::default();
        let mut mixed = Self { linear, runs, trees, leaves, from: Some(0), base: 0, marks: 0 };
        for (run, flat) in mixed.runs.iter_mut().zip(flats) {
            *run = flat.run_of(keys);
        }
        for (leaf, tree) in mixed.leaves.iter_mut().zip(trees) {
            *leaf = tree.leaf(keys);
        }
        mixed
    }

    #[inline(never)]
    fn next(&mut self) -> Option<u32> {
        while self.marks == 0 {
            self.mark(self.from?);
        }
        let next = self.base + self.marks.trailing_zeros();
        self.marks &= self.marks - 1;
        Some(next)
    }

    /// Marks the block that begins at `base`. O(log n) lists, of each O(log n) positions and those in the block.
    fn mark(&mut self, base: u32) {
        let (mut marks, mut from) = (0, None);
        let lists = self.trees.iter().zip(self.leaves).flat_map(|(tree, leaf)| tree.lists(leaf));
        for list in lists.chain(self.runs).chain([self.linear]) {
            let begin = list.partition_point(|&position| position < base);
            for &position in &list[begin..] {
                if position - base >= u64::BITS {
                    from = Some(from.map_or(position, |from: u32| from.min(position)));
                    break;
                }
                marks |= 1 << (position - base);
            }
        }
        (self.base, self.marks, self.from) = (base, marks, from);
    }
}
