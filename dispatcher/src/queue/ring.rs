//! The queue behind every policy but `Coalesce`: a ring of places that take turns (after Vyukov's bounded queue).
//!
//! # Concepts
//! Position `p` of the queue's endless sequence lies in place `p % capacity`. A place's turn says what it waits
//! for:
//!
//! ```text
//!            CAS tail, copy in                 CAS head, copy out
//!  turn 2p ────────────────────> turn 2p + 1 ────────────────────> turn 2 (p + capacity)
//!  free for position p           holds position p                  free, one lap later
//! ```
//!
//! Even means free and odd means full, so that a ring of one place works like any other.
//!
//! # Invariants
//! - `INV-DISP-20`: between the compare-and-swap that claims a position and the store of the next turn, nobody but
//!   the claimer touches the place's words; that store releases them to whoever acquires the turn.

use super::{load, store, words};
use crate::InstallError;
use crate::sync::{AtomicU64, Ordering};
use alloc::vec::Vec;
use core::cmp::Ordering::{Equal, Greater, Less};

/// A bounded queue, first in, first out.
#[derive(Debug)]
pub(super) struct Ring {
    /// The position that is taken out next.
    head: Line,
    /// The position that is put in next.
    tail: Line,
    capacity: usize,
    /// How many words a place has: its turn, then those of the frame.
    stride: usize,
    places: Vec<AtomicU64>,
}

/// A word in a cache line of its own, since producers write one end and consumers the other.
#[derive(Debug)]
#[repr(align(64))]
struct Line(AtomicU64);

impl Ring {
    /// An empty ring of `capacity` places, at least one.
    pub(super) fn try_new(capacity: usize, frame_words: usize) -> Result<Self, InstallError> {
        let stride = 1 + frame_words;
        let turn = |word| if word % stride == 0 { 2 * (word / stride) as u64 } else { 0 };
        let places = words(capacity * stride, turn)?;
        Ok(Self { head: Line(AtomicU64::new(0)), tail: Line(AtomicU64::new(0)), capacity, stride, places })
    }

    /// Puts a frame in; `false` if no place is free.
    pub(super) fn push(&self, frame: &[u64]) -> bool {
        let Some((position, turn, place)) = self.claim(&self.tail.0, 0) else { return false };
        store(place, frame);
        turn.store(2 * position + 1, Ordering::Release);
        true
    }

    /// Takes the oldest frame out; `false` if there is none, or it is only being put in.
    pub(super) fn pop(&self, frame: &mut [u64]) -> bool {
        self.take(|place| load(place, frame))
    }

    /// Takes the oldest frame out and forgets it.
    pub(super) fn discard(&self) -> bool {
        self.take(|_| ())
    }

    /// How many positions lie between the two ends.
    pub(super) fn len(&self) -> usize {
        // The head first: it never passes the tail, so what is read of the tail afterwards is not behind it.
        let head = self.head.0.load(Ordering::Acquire);
        let len = self.tail.0.load(Ordering::Relaxed).saturating_sub(head) as usize;
        len.min(self.capacity)
    }

    fn take(&self, copy: impl FnOnce(&[AtomicU64])) -> bool {
        let Some((position, turn, place)) = self.claim(&self.head.0, 1) else { return false };
        copy(place);
        turn.store(2 * (position + self.capacity as u64), Ordering::Release);
        true
    }

    /// Claims the next position of an end whose places wait with turn `2p + parity`, or finds that the next place
    /// is not as far.
    fn claim(&self, end: &AtomicU64, parity: u64) -> Option<(u64, &AtomicU64, &[AtomicU64])> {
        let mut position = end.load(Ordering::Relaxed);
        loop {
            let (turn, place) = self.place(position);
            match turn.load(Ordering::Acquire).cmp(&(2 * position + parity)) {
                Equal => {
                    let next = position + 1;
                    match end.compare_exchange_weak(position, next, Ordering::Relaxed, Ordering::Relaxed) {
                        Ok(_) => return Some((position, turn, place)),
                        Err(now) => position = now,
                    }
                }
                Less => return None,
                // Somebody else has claimed it since.
                Greater => position = end.load(Ordering::Relaxed),
            }
        }
    }

    fn place(&self, position: u64) -> (&AtomicU64, &[AtomicU64]) {
        let start = (position % self.capacity as u64) as usize * self.stride;
        let (turn, place) =
            self.places[start..start + self.stride].split_first().expect("a place has its turn");
        (turn, place)
    }
}
