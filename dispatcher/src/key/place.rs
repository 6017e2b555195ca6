//! Where each handler of a table is found.
//!
//! A guard with an equality is found by it, whatever else it asks: no range is as selective. Of several equalities it is the one
//! with the fewest others that ask for the same value, since those are who a raise has to look at in vain. A guard of ranges only is
//! found by its narrowest one.

use super::KeyGuard;
use super::flat::{Slots, hash};
use crate::InstallError;
use crate::reclaim::with_room;
use alloc::vec::Vec;
use spindle_abi::{Asked, Key, KeyField, Term};

/// How a handler is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// By the value of a field; a word is told by its hash.
    Value { field: usize, key: u64 },
    /// By a field that has a value from `from` to `to`.
    Range { field: usize, from: u64, to: u64 },
}

/// The places of a table's handlers with a key guard, and the positions of those without; both ascend by position.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) linear: Vec<u32>,
    pub(super) keyed: Vec<(u32, Place)>,
}

impl Places {
    /// Decides for each handler. O(handlers).
    pub(super) fn choose<'a>(
        guards: impl Iterator<Item = Option<&'a KeyGuard>> + Clone,
    ) -> Result<Self, InstallError> {
        let keyed = guards.clone().flatten().count();
        let mut places =
            Self { linear: with_room(guards.clone().count() - keyed)?, keyed: with_room(keyed)? };
        let rivals = Rivals::count(guards.clone().flatten())?;
        for (position, guard) in guards.enumerate() {
            // More handlers than that do not fit into memory either.
            let position = u32::try_from(position).map_err(|_| InstallError::OutOfMemory)?;
            match guard.and_then(|guard| place(guard, &rivals)) {
                Some(place) => places.keyed.push((position, place)),
                None => places.linear.push(position),
            }
        }
        Ok(places)
    }

    /// The keys of those who are found by a value of `field`.
    pub(super) fn values(&self, field: usize) -> impl Iterator<Item = (u64, u32)> + Clone {
        self.keyed.iter().filter_map(move |&(position, place)| match place {
            Place::Value { field: other, key } if other == field => Some((key, position)),
            _ => None,
        })
    }

    /// The ranges of those who are found by a range of `field`.
    pub(super) fn ranges(&self, field: usize) -> impl Iterator<Item = (u64, u64, u32)> + Clone {
        self.keyed.iter().filter_map(move |&(position, place)| match place {
            Place::Range { field: other, from, to } if other == field => Some((from, to, position)),
            _ => None,
        })
    }
}

/// How many handlers ask for each value of each field, if any has a choice of equalities.
struct Rivals([Option<Slots>; KeyField::MAX_PER_EVENT]);

impl Rivals {
    fn count<'a>(guards: impl Iterator<Item = &'a KeyGuard> + Clone) -> Result<Self, InstallError> {
        let mut rivals = Self([const { None }; KeyField::MAX_PER_EVENT]);
        if guards.clone().any(|guard| equalities(guard).nth(1).is_some()) {
            for (field, counts) in rivals.0.iter_mut().enumerate() {
                let equalities = guards.clone().flat_map(equalities);
                let keys = equalities.filter(move |&(other, _)| other == field).map(|(_, key)| key);
                *counts = Some(Slots::counting(keys)?);
            }
        }
        Ok(rivals)
    }

    fn of(&self, field: usize, key: u64) -> u32 {
        self.0[field].as_ref().map_or(0, |counts| counts.count(key))
    }
}

/// Where a handler with this guard is found.
fn place(guard: &KeyGuard, rivals: &Rivals) -> Option<Place> {
    let best = equalities(guard).min_by_key(|&(field, key)| rivals.of(field, key));
    let value = best.map(|(field, key)| Place::Value { field, key });
    value.or_else(|| {
        let narrowest = ranges(guard).min_by_key(|&(_, from, to)| to - from);
        narrowest.map(|(field, from, to)| Place::Range { field, from, to })
    })
}

fn equalities(guard: &KeyGuard) -> impl Iterator<Item = (usize, u64)> + Clone {
    guard.terms().filter_map(|Term { field, asked }| match asked {
        Asked::Equal(Key::Integer(integer)) => Some((field, integer)),
        Asked::Equal(Key::Word(word)) => Some((field, hash(word))),
        Asked::Range { .. } => None,
    })
}

fn ranges(guard: &KeyGuard) -> impl Iterator<Item = (usize, u64, u64)> {
    guard.terms().filter_map(|Term { field, asked }| match asked {
        Asked::Range { from, to } => Some((field, from, to)),
        Asked::Equal(_) => None,
    })
}
