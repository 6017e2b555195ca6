//! A lock-free ring of bytes with one writer and one reader, made for an interrupt handler.

use core::sync::atomic::{
    AtomicU8, AtomicU64, AtomicUsize, Ordering::Acquire, Ordering::Relaxed, Ordering::Release,
};

/// Up to `N` bytes on their way from one writer to one reader. `N` is a power of two.
///
/// With more than one writer, or reader, bytes may be lost or repeated, but nothing worse happens.
#[derive(Debug)]
pub struct ByteRing<const N: usize> {
    bytes: [AtomicU8; N],
    /// How many bytes were ever put; the reader's limit.
    put: AtomicUsize,
    /// How many were ever taken; the writer's limit.
    taken: AtomicUsize,
    dropped: AtomicU64,
}

impl<const N: usize> ByteRing<N> {
    /// An empty ring.
    pub const fn new() -> Self {
        const { assert!(N.is_power_of_two(), "positions wrap by masking") };
        Self {
            bytes: [const { AtomicU8::new(0) }; N],
            put: AtomicUsize::new(0),
            taken: AtomicUsize::new(0),
            dropped: AtomicU64::new(0),
        }
    }

    /// Adds `byte`, or counts it as dropped if the ring is full. Never waits.
    pub fn put(&self, byte: u8) {
        let at = self.put.load(Relaxed);
        if at.wrapping_sub(self.taken.load(Acquire)) >= N {
            self.dropped.fetch_add(1, Relaxed);
            return;
        }
        self.bytes[at % N].store(byte, Relaxed);
        self.put.store(at.wrapping_add(1), Release);
    }

    /// Removes the oldest byte. Never waits.
    pub fn take(&self) -> Option<u8> {
        let at = self.taken.load(Relaxed);
        if at == self.put.load(Acquire) {
            return None;
        }
        let byte = self.bytes[at % N].load(Relaxed);
        self.taken.store(at.wrapping_add(1), Release);
        Some(byte)
    }

    /// Whether there is nothing to take.
    pub fn is_empty(&self) -> bool {
        self.taken.load(Relaxed) == self.put.load(Acquire)
    }

    /// Whether the next byte put would be dropped.
    pub fn is_full(&self) -> bool {
        self.len() >= N
    }

    /// How many bytes there are to take.
    pub fn len(&self) -> usize {
        self.put.load(Acquire).wrapping_sub(self.taken.load(Acquire))
    }

    /// How many bytes found the ring full.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Relaxed)
    }
}

impl<const N: usize> Default for ByteRing<N> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;
    use std::vec::Vec;

    #[test]
    fn bytes_come_out_in_order_and_the_newest_are_dropped_when_full() {
        let ring = ByteRing::<4>::new();
        (0..6).for_each(|byte| ring.put(byte));
        assert!(ring.is_full() && ring.len() == 4);
        let taken: Vec<u8> = core::iter::from_fn(|| ring.take()).collect();
        assert_eq!(taken, [0, 1, 2, 3]);
        assert_eq!(ring.dropped(), 2);
        assert!(ring.is_empty());
    }

    #[test]
    fn a_writer_and_a_reader_on_two_processors_agree() {
        static RING: ByteRing<16> = ByteRing::new();
        let writer = std::thread::spawn(|| {
            for value in 0..10_000usize {
                while RING.put.load(Relaxed) - RING.taken.load(Acquire) >= 16 {
                    std::thread::yield_now();
                }
                RING.put(value as u8);
            }
        });
        for value in 0..10_000usize {
            let byte = loop {
                match RING.take() {
                    Some(byte) => break byte,
                    None => std::thread::yield_now(),
                }
            };
            assert_eq!(byte, value as u8);
        }
        writer.join().expect("the writer does not panic");
        assert_eq!(RING.dropped(), 0);
    }
}
