//! Handlers that ask for one value of a field: a flat hash table from values to handlers.
//!
//! # Concepts
//! ```text
//!   key ──mix──> slots: │ key, 1, position │ empty │ key, 3, start │ ...     open addressing, at least half of them empty
//!                                                         │
//!                                          positions: ... └─> 4 │ 17 │ 90 │ ...   the run of a key that several ask for
//! ```
//! A raise finds its slot by one multiplication and, mostly, in the first cache line that it looks at; a key that one handler asks
//! for has the handler in its slot. Words are looked for by a 64-bit hash of theirs. Two words with one hash share a run, and the
//! handlers' guards tell them apart.
//!
//! # Invariants
//! - `INV-KEY-2`: a slot is empty if its count is 0; at least one is, so that looking for a key ends.
//!
//! The keys in the table are those of the handlers, not of the raises: who chooses them to collide slows the event down less than by
//! installing handlers without a guard. All the same the table is made again with another mixture if any key is further than
//! [`FAR`] from its place.

use crate::InstallError;
use crate::reclaim::with_room;
use alloc::vec::Vec;
use core::slice;
use spindle_abi::Key;

/// How far from its place a key may be; with half of the slots empty, chance hardly ever takes one that far.
const FAR: usize = 128;

/// How many mixtures are tried. More would only help against keys chosen to collide in each of them.
const MIXTURES: u64 = 8;

/// The handlers that are found by the value of one field.
#[derive(Debug)]
pub(crate) struct Flat {
    field: usize,
    slots: Slots,
    positions: Vec<u32>,
}

impl Flat {
    /// Makes the table for the handlers with these keys and ascending positions. O(handlers).
    pub(super) fn build(
        field: usize,
        handlers: impl Iterator<Item = (u64, u32)> + Clone,
    ) -> Result<Self, InstallError> {
        let mut slots = Slots::counting(handlers.clone().map(|(key, _)| key))?;
        let shared = slots.shared_mut().map(|slot| slot.count as usize).sum();
        let mut positions = with_room(shared)?;
        positions.resize(shared, 0);
        // Each run is filled from its front: `first` is where the next position goes.
        let mut end = 0;
        for slot in slots.shared_mut() {
            slot.first = end;
            end += slot.count;
        }
        for (key, position) in handlers {
            let seat = slots.seat(key);
            let slot = &mut slots.list[seat];
            if slot.count == 1 {
                slot.first = position;
            } else {
                positions[slot.first as usize] = position;
                slot.first += 1;
            }
        }
        slots.shared_mut().for_each(|slot| slot.first -= slot.count);
        Ok(Self { field, slots, positions })
    }

    /// The field whose values they ask for.
    #[inline(always)]
    pub(crate) fn field(&self) -> usize {
        self.field
    }

    /// The positions of those who ask for the value that `keys` has, ascending. O(1).
    #[inline(always)]
    pub(super) fn run_of(&self, keys: &[Key<'_>]) -> &[u32] {
        keys.get(self.field).map_or(&[], |&key| self.run(key))
    }

    /// The positions of those who ask for `key`, ascending. O(1).
    #[inline(always)]
    pub(crate) fn run(&self, key: Key<'_>) -> &[u32] {
        let key = match key {
            Key::Integer(integer) => integer,
            Key::Word(word) if word.len() <= Key::MAX_WORD_BYTES => hash(word),
            Key::Word(_) => return &[],
        };
        match self.slots.find(key) {
            None => &[],
            Some(slot) if slot.count == 1 => slice::from_ref(&slot.first),
            Some(slot) => self.shared(slot),
        }
    }

    fn shared(&self, slot: &Slot) -> &[u32] {
        self.positions
            .get(slot.first as usize..)
            .and_then(|run| run.get(..slot.count as usize))
            .unwrap_or(&[])
    }
}

/// A key, and how many handlers ask for it.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    key: u64,
    /// The handler's position if there is one, else where their positions begin.
    first: u32,
    count: u32,
}

/// Keys and their counts, each in the first slot that was free at or behind its place.
#[derive(Debug)]
pub(super) struct Slots {
    /// A power of two of them.
    list: Vec<Slot>,
    seed: u64,
}

impl Slots {
    /// Counts `keys`. O(keys); what it makes takes 32 to 64 bytes for each different one.
    pub(super) fn counting(keys: impl Iterator<Item = u64> + Clone) -> Result<Self, InstallError> {
        let counted = Self::adding(keys.clone().count(), keys.map(|key| (key, 1)))?;
        let different = counted.used().count();
        if room_for(different) == Some(counted.list.len()) {
            return Ok(counted);
        }
        Self::adding(different, counted.used().map(|slot| (slot.key, slot.count)))
    }

    /// How many were counted of `key`.
    pub(super) fn count(&self, key: u64) -> u32 {
        self.find(key).map_or(0, |slot| slot.count)
    }

    /// Adds `counts` up by key, of which at most `different` are different.
    fn adding(
        different: usize,
        counts: impl Iterator<Item = (u64, u32)> + Clone,
    ) -> Result<Self, InstallError> {
        let room = room_for(different).ok_or(InstallError::OutOfMemory)?;
        let mut slots = Self { list: with_room(room)?, seed: 0 };
        for mixture in 1..=MIXTURES {
            slots.seed = mix(mixture);
            slots.list.clear();
            slots.list.resize(room, Slot::default());
            if slots.add_all(counts.clone(), mixture == MIXTURES) {
                break;
            }
        }
        Ok(slots)
    }

    /// Adds all, or stops where that would put a key too far from its place.
    fn add_all(&mut self, mut counts: impl Iterator<Item = (u64, u32)>, however_far: bool) -> bool {
        counts.all(|(key, count)| {
            let seat = self.seat(key);
            let slot = &mut self.list[seat];
            *slot = Slot { key, first: 0, count: slot.count + count };
            however_far || self.distance(key, seat) <= FAR
        })
    }

    /// How far behind its place the key in `seat` is.
    fn distance(&self, key: u64, seat: usize) -> usize {
        seat.wrapping_sub(self.place(key)) & (self.list.len() - 1)
    }

    fn used(&self) -> impl Iterator<Item = &Slot> + Clone {
        self.list.iter().filter(|slot| slot.count > 0)
    }

    /// The slots whose keys several handlers ask for.
    fn shared_mut(&mut self) -> impl Iterator<Item = &mut Slot> {
        self.list.iter_mut().filter(|slot| slot.count > 1)
    }

    /// The slot of `key`, if anybody asks for it.
    #[inline(always)]
    fn find(&self, key: u64) -> Option<&Slot> {
        self.list.get(self.seat(key)).filter(|slot| slot.count > 0)
    }

    /// Where `key` is, or the empty slot where it would be put (INV-KEY-2).
    #[inline(always)]
    fn seat(&self, key: u64) -> usize {
        let mask = self.list.len().wrapping_sub(1);
        let mut at = self.place(key) & mask;
        while self.list.get(at).is_some_and(|slot| slot.key != key && slot.count > 0) {
            at = (at + 1) & mask;
        }
        at
    }

    /// Where `key` would be if the list had no end.
    #[inline(always)]
    fn place(&self, key: u64) -> usize {
        mix(key ^ self.seed) as usize
    }
}

/// How many slots that many different keys are given.
fn room_for(different: usize) -> Option<usize> {
    different.checked_mul(2)?.max(2).checked_next_power_of_two()
}

/// Lets every bit of `word` decide about the low bits of the outcome: both halves of a product of 128 bits. So keys that follow
/// each other, or that differ in their high bits only, do not gather.
#[inline(always)]
const fn mix(word: u64) -> u64 {
    /// Odd, with bits set and not set all over: the golden ratio's.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let product = word as u128 * FACTOR as u128;
    (product >> 64) as u64 ^ product as u64
}

/// What stands for a word in the table. O(bytes), eight at a time.
#[inline]
pub(super) fn hash(word: &str) -> u64 {
    let bytes = word.as_bytes();
    let (chunks, _) = bytes.as_chunks();
    let state =
        chunks.iter().fold(mix(!bytes.len() as u64), |state, &chunk| mix(state ^ u64::from_le_bytes(chunk)));
    mix(state ^ tail(bytes))
}

/// The last eight bytes, or all if there are fewer.
#[inline]
fn tail(bytes: &[u8]) -> u64 {
    if let Some(&last) = bytes.last_chunk() {
        return u64::from_le_bytes(last);
    }
    if let (Some(&first), Some(&last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return u64::from(u32::from_le_bytes(first)) | u64::from(u32::from_le_bytes(last)) << 32;
    }
    bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

#[cfg(test)]
impl Flat {
    pub(super) fn longest_way(&self) -> usize {
        self.slots
            .used()
            .map(|slot| self.slots.distance(slot.key, self.slots.seat(slot.key)))
            .max()
            .unwrap_or(0)
    }
}

/// So many keys that the first mixture puts in one place.
#[cfg(test)]
pub(super) fn crowd(keys: usize) -> Vec<u64> {
    (0..).filter(|key| mix(key ^ mix(1)) & 0x3ff == 0).take(keys).collect()
}
