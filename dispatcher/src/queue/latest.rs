//! The queue behind `Coalesce`: one frame waits, the latest.
//!
//! # Concepts
//! ```text
//!  free ── claimed by a producer ── copied in ── swapped into `newest` ──┐
//!   ^                                            (what was there: free)  │
//!   └──────────── copied out ── swapped out of `newest` by a consumer <──┘
//! ```
//! A buffer belongs to whoever took it out of `free` or `newest`, so nobody sees a frame half written, and whoever
//! stops in the middle keeps one buffer and holds up nobody.

use super::{load, store, words};
use crate::InstallError;
use crate::sync::{AtomicU64, Ordering};
use alloc::vec::Vec;

/// A queue of at most one frame.
#[derive(Debug)]
pub(super) struct Latest {
    /// A bit for each buffer that nobody has.
    free: AtomicU64,
    /// The buffer with the frame that waits, counted from one; zero if none does.
    newest: AtomicU64,
    frame_words: usize,
    buffers: Vec<AtomicU64>,
}

/// A buffer taken out of `free` or `newest`.
struct Buffer(u64);

impl Latest {
    /// How many buffers there are: for one frame that waits, and seven that are being copied at the same moment.
    const BUFFERS: usize = 8;

    pub(super) fn try_new(frame_words: usize) -> Result<Self, InstallError> {
        let buffers = words(Self::BUFFERS * frame_words, |_| 0)?;
        let free = AtomicU64::new((1 << Self::BUFFERS) - 1);
        Ok(Self { free, newest: AtomicU64::new(0), frame_words, buffers })
    }

    /// Puts a frame in the place of the one that waits; it stays out only if eight others are being copied.
    ///
    /// Says whether the frame is in, and how many gave way: more than one if another producer was as quick.
    pub(super) fn push(&self, frame: &[u64]) -> (bool, u64) {
        let (buffer, mut gone) = match self.claim() {
            Some(free) => (free, 0),
            None => match self.take() {
                Some(older) => (older, 1),
                None => return (false, 0),
            },
        };
        store(self.words(&buffer), frame);
        if let Some(older) = self.newest.swap(buffer.0 + 1, Ordering::AcqRel).checked_sub(1) {
            self.release(Buffer(older));
            gone += 1;
        }
        (true, gone)
    }

    /// Takes the frame out; `false` if none waits.
    pub(super) fn pop(&self, frame: &mut [u64]) -> bool {
        let taken = self.take();
        taken.map(|buffer| self.read(buffer, frame)).is_some()
    }

    /// Takes the frame out and forgets it.
    pub(super) fn discard(&self) -> bool {
        self.take().map(|buffer| self.release(buffer)).is_some()
    }

    /// One if a frame waits.
    pub(super) fn len(&self) -> usize {
        usize::from(self.newest.load(Ordering::Relaxed) != 0)
    }

    fn read(&self, buffer: Buffer, frame: &mut [u64]) {
        load(self.words(&buffer), frame);
        self.release(buffer);
    }

    fn claim(&self) -> Option<Buffer> {
        let lowest_bit = |free: u64| free & free.wrapping_neg();
        let claimed = self.free.fetch_update(Ordering::Acquire, Ordering::Relaxed, |free| {
            (free != 0).then(|| free & !lowest_bit(free))
        });
        claimed.ok().map(|free| Buffer(u64::from(free.trailing_zeros())))
    }

    fn take(&self) -> Option<Buffer> {
        // Acquires what the producer wrote.
        self.newest.swap(0, Ordering::AcqRel).checked_sub(1).map(Buffer)
    }

    fn release(&self, buffer: Buffer) {
        self.free.fetch_or(1 << buffer.0, Ordering::Release);
    }

    fn words(&self, buffer: &Buffer) -> &[AtomicU64] {
        let start = buffer.0 as usize * self.frame_words;
        &self.buffers[start..start + self.frame_words]
    }
}
