//! The index of a table: which handlers a raise with given keys has to look at.

use super::KeyGuard;
use super::candidates::{Candidates, Mixed};
use super::flat::Flat;
use super::place::Places;
use super::tree::Tree;
use crate::InstallError;
use alloc::vec::Vec;
use spindle_abi::{Key, KeyField};

/// The index of one table; immutable.
#[derive(Debug)]
pub(crate) struct Index {
    /// The positions of the handlers without a key guard.
    pub(super) linear: Vec<u32>,
    pub(super) keyed: Keyed,
}

/// How those with one are found.
#[derive(Debug)]
pub(super) enum Keyed {
    /// There are none.
    Nobody,
    /// All by values of the same field, and nobody is in the linear list.
    Sole(Flat),
    /// All by values of the same field.
    Flat(Flat),
    /// By values or ranges of several; at most one of each for a field.
    Mixed { flats: Vec<Flat>, trees: Vec<Tree> },
}

impl Index {
    /// The index of no handlers.
    pub(crate) const EMPTY: Self = Self { linear: Vec::new(), keyed: Keyed::Nobody };

    /// Makes the index for the handlers with these key guards, in the order of the table.
    ///
    /// O(n) for n handlers that are found by values, O(n log n) for those found by ranges; so is the memory.
    ///
    /// # Errors
    /// [`InstallError::OutOfMemory`]
    pub(crate) fn build<'a>(
        guards: impl Iterator<Item = Option<&'a KeyGuard>> + Clone,
    ) -> Result<Self, InstallError> {
        let places = Places::choose(guards)?;
        let (mut flats, mut trees) = (Vec::new(), Vec::new());
        for field in 0..KeyField::MAX_PER_EVENT {
            let (values, ranges) = (places.values(field), places.ranges(field));
            if values.clone().next().is_some() {
                flats = with_one_more(flats, Flat::build(field, values)?)?;
            }
            if ranges.clone().next().is_some() {
                trees = with_one_more(trees, Tree::build(field, ranges)?)?;
            }
        }
        let is_flat = flats.len() == 1 && trees.is_empty();
        let keyed = match flats.pop_if(|_| is_flat) {
            Some(only) if places.linear.is_empty() => Keyed::Sole(only),
            Some(only) => Keyed::Flat(only),
            None if flats.is_empty() && trees.is_empty() => Keyed::Nobody,
            None => Keyed::Mixed { flats, trees },
        };
        Ok(Self { linear: places.linear, keyed })
    }

    /// The table by which all handlers are found, if there is one such, and all handlers have a key guard.
    #[inline(always)]
    pub(crate) fn sole(&self) -> Option<&Flat> {
        match &self.keyed {
            Keyed::Sole(flat) => Some(flat),
            _ => None,
        }
    }

    /// Whether every handler is a candidate, whatever the keys.
    #[inline(always)]
    pub(crate) fn is_linear(&self) -> bool {
        matches!(self.keyed, Keyed::Nobody)
    }

    /// The handlers that a raise with these keys has to look at (INV-KEY-1). `room` is for those that need some.
    ///
    /// O(1) for those found by values, O(log n) for those found by ranges, and what the candidates themselves take; allocates
    /// nothing. A hit by a value of one field is a multiplication, three dependent loads from memory (table, slot, key) and two
    /// comparisons.
    #[inline(always)]
    pub(crate) fn candidates<'a, 'r>(
        &'a self,
        keys: &[Key<'_>],
        room: &'r mut Option<Mixed<'a>>,
    ) -> Candidates<'a, 'r> {
        match &self.keyed {
            Keyed::Nobody => Candidates::two(&self.linear, &[]),
            Keyed::Sole(flat) | Keyed::Flat(flat) => Candidates::two(&self.linear, flat.run_of(keys)),
            Keyed::Mixed { flats, trees } => {
                Candidates::mixed(room.insert(Mixed::new(&self.linear, flats, trees, keys)))
            }
        }
    }
}

fn with_one_more<T>(mut list: Vec<T>, one: T) -> Result<Vec<T>, InstallError> {
    list.try_reserve(1).map_err(|_| InstallError::OutOfMemory)?;
    list.push(one);
    Ok(list)
}

#[cfg(test)]
impl Index {
    /// The candidates, in the order in which they come.
    pub(super) fn named(&self, keys: &[Key<'_>]) -> alloc::vec::IntoIter<usize> {
        self.candidates(keys, &mut None).collect::<Vec<_>>().into_iter()
    }

    /// How far the key is from its place that is furthest from it.
    pub(super) fn longest_way(&self) -> usize {
        match &self.keyed {
            Keyed::Nobody => 0,
            Keyed::Sole(flat) | Keyed::Flat(flat) => flat.longest_way(),
            Keyed::Mixed { flats, .. } => flats.iter().map(Flat::longest_way).max().unwrap_or(0),
        }
    }
}
