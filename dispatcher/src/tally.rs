//! Counters of one binding, counted without locks and without a lost count.
//!
//! # Concepts
//! Each strand counts in a line of its own ([`Strand::slot`](crate::Strand::slot)), by a plain increment: no two processors write
//! one cache line. Only the last of several lines is shared, by strands for which there was none left, and counted atomically. Whoever
//! looks adds the lines up.

use crate::InstallError;
use crate::sync::{AtomicU64, Ordering};
use alloc::vec::Vec;

/// What has happened at one binding since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// How often its code was entered.
    pub calls: u64,
    /// How often a guard kept a raise from it.
    pub rejections: u64,
    /// How often it, or a guard of it, was abandoned.
    pub faults: u64,
    /// How many queued raises were thrown away.
    pub drops: u64,
    /// The time spent in it while times were taken, in units of [`Strand::now`](crate::Strand::now).
    pub total_time: u64,
    /// The longest of these.
    pub longest_time: u64,
}

/// The counters of one strand, in a cache line of their own.
#[derive(Debug, Default)]
#[repr(C, align(64))]
pub(crate) struct Line {
    pub(crate) calls: AtomicU64,
    pub(crate) rejections: AtomicU64,
    faults: AtomicU64,
    total_time: AtomicU64,
    longest_time: AtomicU64,
}

/// The counters of one binding.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    lines: Vec<Line>,
}

impl Tally {
    /// A tally for strands with `slots` slots.
    pub(crate) fn try_new(slots: usize) -> Result<Self, InstallError> {
        let mut lines = Vec::new();
        lines.try_reserve_exact(slots).map_err(|_| InstallError::OutOfMemory)?;
        lines.resize_with(slots, Line::default);
        Ok(Self { lines })
    }

    /// The word that counts calls of strands with slot 0; `None` if nothing is counted.
    pub(crate) fn first_word(&self) -> Option<&AtomicU64> {
        self.lines.first().map(|line| &line.calls)
    }

    #[inline]
    pub(crate) fn call(&self, slot: usize) {
        self.add(slot, |line| &line.calls, 1);
    }

    /// As `call`, in a line that no other strand writes.
    #[inline(always)]
    pub(crate) fn own_call(&self, slot: usize) {
        if let Some(line) = self.lines.get(slot) {
            add(&line.calls, 1, false);
        }
    }

    #[inline]
    pub(crate) fn calls(&self, slot: usize, calls: u64) {
        self.add(slot, |line| &line.calls, calls);
    }

    pub(crate) fn reject(&self, slot: usize) {
        self.add(slot, |line| &line.rejections, 1);
    }

    pub(crate) fn fault(&self, slot: usize) {
        self.add(slot, |line| &line.faults, 1);
    }

    /// Notes that a call took `elapsed`.
    pub(crate) fn time(&self, slot: usize, elapsed: u64) {
        self.add(slot, |line| &line.total_time, elapsed);
        if let Some(line) = self.lines.get(slot) {
            line.longest_time.fetch_max(elapsed, Ordering::Relaxed);
        }
    }

    /// The first line; the others lie behind it.
    pub(crate) fn lines(&self) -> *const Line {
        self.lines.as_ptr()
    }

    #[inline(always)]
    fn add(&self, slot: usize, counter: impl Fn(&Line) -> &AtomicU64, more: u64) {
        let Some(line) = self.lines.get(slot) else { return };
        add(counter(line), more, slot > 0 && slot + 1 == self.lines.len());
    }

    /// The sums over all strands.
    pub(crate) fn sums(&self) -> Counters {
        self.lines.iter().fold(Counters::default(), |sum, line| Counters {
            calls: sum.calls + line.calls.load(Ordering::Relaxed),
            rejections: sum.rejections + line.rejections.load(Ordering::Relaxed),
            faults: sum.faults + line.faults.load(Ordering::Relaxed),
            drops: 0,
            total_time: sum.total_time + line.total_time.load(Ordering::Relaxed),
            longest_time: sum.longest_time.max(line.longest_time.load(Ordering::Relaxed)),
        })
    }
}

/// A plain `add` to memory in a line that no other strand writes, a locked one in the shared line.
#[inline(always)]
pub(crate) fn add(counter: &AtomicU64, more: u64, is_shared: bool) {
    if is_shared {
        counter.fetch_add(more, Ordering::Relaxed);
    } else {
        counter.store(counter.load(Ordering::Relaxed).wrapping_add(more), Ordering::Relaxed);
    }
}
