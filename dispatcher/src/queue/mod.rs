//! Bounded queues of frames between raises and whoever delivers them.
//!
//! # Concepts
//! A frame is a fixed number of words, copied in and out; that they are a frame, the queue does not know. What
//! happens when there is no room is the [`Policy`] of the event's [`Delivery`]. Every frame that was accepted or
//! offered and never came out again is counted as lost.
//!
//! # Interface
//! [`Queue::try_new`] allocates everything that the queue will ever need; `push` and `pop` never do.
//!
//! # Locking
//! None, nor does anybody wait for anybody, but for a policy that says so: `push` may interrupt `push` or `pop`
//! anywhere, and either may be left in the middle for any time. Meanwhile the frame that is being copied holds back
//! those behind it, no more.

mod delivery;
mod latest;
mod ring;
#[cfg(test)]
mod tests;

pub use delivery::{Delivery, Policy};

use crate::sync::{AtomicBool, AtomicU64, Ordering};
use crate::{Executor, InstallError};
use alloc::vec::Vec;
use latest::Latest;
use ring::Ring;

/// A bounded queue of frames for any number of producers and consumers.
#[derive(Debug)]
pub(crate) struct Queue {
    frames: Frames,
    /// A frame that was taken out and could not be delivered yet.
    returned: Ring,
    lost: AtomicU64,
    /// Whether nobody takes frames out any more, so that there is no room to wait for.
    is_closed: AtomicBool,
}

#[derive(Debug)]
enum Frames {
    DropNewest(Ring),
    DropOldest(Ring),
    Block(Ring),
    Coalesce(Latest),
}

/// What became of a frame, or had to become of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a frame may have been lost"]
pub(crate) enum Pushed {
    /// It is in the queue, and so are all that were there.
    Queued,
    /// It is in the queue, in place of one that was there.
    Replaced,
    /// It is not in the queue.
    Dropped,
}

impl Queue {
    /// An empty queue for frames of `words` words.
    ///
    /// # Errors
    /// [`InstallError::OutOfMemory`]
    pub(crate) fn try_new(delivery: Delivery, words: usize) -> Result<Self, InstallError> {
        let capacity = delivery.capacity();
        let frames = match delivery.policy() {
            Policy::DropNewest => Frames::DropNewest(Ring::try_new(capacity, words)?),
            Policy::DropOldest => Frames::DropOldest(Ring::try_new(capacity, words)?),
            Policy::Block => Frames::Block(Ring::try_new(capacity, words)?),
            Policy::Coalesce => Frames::Coalesce(Latest::try_new(words)?),
        };
        let (returned, lost) = (Ring::try_new(1, words)?, AtomicU64::new(0));
        Ok(Self { frames, returned, lost, is_closed: AtomicBool::new(false) })
    }

    /// Puts a frame in, as the policy says; O(words) unless others push and pop meanwhile.
    ///
    /// Only [`Policy::Block`] asks the executor.
    pub(crate) fn push(&self, frame: &[u64], executor: &dyn Executor) -> Pushed {
        let (is_in, gone) = match &self.frames {
            Frames::DropNewest(ring) => (ring.push(frame), 0),
            Frames::DropOldest(ring) => push_out(ring, frame),
            Frames::Block(ring) => (ring.push(frame) || self.push_with_room(ring, frame, executor), 0),
            Frames::Coalesce(latest) => latest.push(frame),
        };
        let lost = gone + u64::from(!is_in);
        if lost > 0 {
            self.note_lost(lost);
        }
        match (is_in, gone) {
            (false, _) => Pushed::Dropped,
            (true, 0) => Pushed::Queued,
            (true, _) => Pushed::Replaced,
        }
    }

    /// Takes the oldest frame out; `false` if there is none, or it is only being put in.
    pub(crate) fn pop(&self, frame: &mut [u64]) -> bool {
        match &self.frames {
            Frames::DropNewest(ring) | Frames::DropOldest(ring) | Frames::Block(ring) => {
                self.returned.pop(frame) || ring.pop(frame)
            }
            Frames::Coalesce(latest) if latest.pop(frame) => {
                // What was put back has been overtaken by a later one.
                if self.returned.discard() {
                    self.note_lost(1);
                }
                true
            }
            Frames::Coalesce(_) => self.returned.pop(frame),
        }
    }

    /// Puts the frame that was taken out last back to where it comes out next; it is lost if another one was.
    ///
    /// For a sole consumer: with several, the others would have overtaken it.
    pub(crate) fn put_back(&self, frame: &[u64]) {
        if !self.returned.push(frame) {
            self.note_lost(1);
        }
    }

    /// Counts frames that were taken out and reached nobody.
    pub(crate) fn note_lost(&self, frames: u64) {
        self.lost.fetch_add(frames, Ordering::Relaxed);
    }

    /// Throws away what waits, and has no raise wait for room any more; returns how many frames that were. They count as lost.
    pub(crate) fn close(&self) -> u64 {
        self.is_closed.store(true, Ordering::Relaxed);
        let thrown_away =
            core::iter::repeat_with(|| self.discard()).take_while(|is_gone| *is_gone).count() as u64;
        self.note_lost(thrown_away);
        thrown_away
    }

    /// How many frames wait, those that are being put in or taken out included.
    pub(crate) fn len(&self) -> usize {
        match &self.frames {
            Frames::DropNewest(ring) | Frames::DropOldest(ring) | Frames::Block(ring) => {
                self.returned.len() + ring.len()
            }
            Frames::Coalesce(latest) => self.returned.len().max(latest.len()),
        }
    }

    /// How many frames went in, or should have, and will never come out.
    pub(crate) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Has the executor make room as often as it can and others are quicker to fill it, unless the queue is closed meanwhile.
    #[cold]
    fn push_with_room(&self, ring: &Ring, frame: &[u64], executor: &dyn Executor) -> bool {
        while !self.is_closed.load(Ordering::Relaxed) && executor.make_room() {
            if ring.push(frame) {
                return true;
            }
        }
        false
    }

    fn discard(&self) -> bool {
        self.returned.discard()
            || match &self.frames {
                Frames::DropNewest(ring) | Frames::DropOldest(ring) | Frames::Block(ring) => ring.discard(),
                Frames::Coalesce(latest) => latest.discard(),
            }
    }
}

/// Makes room at the other end until the frame fits, or what is there is only being put in or taken out.
///
/// Says whether the frame is in, and how many gave way.
fn push_out(ring: &Ring, frame: &[u64]) -> (bool, u64) {
    let mut gone = 0;
    loop {
        if ring.push(frame) {
            return (true, gone);
        }
        if !ring.discard() {
            return (false, gone);
        }
        gone += 1;
    }
}

/// So many words, each made from its place.
fn words(count: usize, word: impl Fn(usize) -> u64) -> Result<Vec<AtomicU64>, InstallError> {
    let mut words = Vec::new();
    words.try_reserve_exact(count).map_err(|_| InstallError::OutOfMemory)?;
    words.extend((0..count).map(|place| AtomicU64::new(word(place))));
    Ok(words)
}

/// Copies a frame into words that nobody else uses meanwhile.
fn store(words: &[AtomicU64], frame: &[u64]) {
    words.iter().zip(frame).for_each(|(word, value)| word.store(*value, Ordering::Relaxed));
}

/// Copies a frame out of words that nobody else writes meanwhile.
fn load(words: &[AtomicU64], frame: &mut [u64]) {
    words.iter().zip(frame).for_each(|(word, value)| *value = word.load(Ordering::Relaxed));
}
