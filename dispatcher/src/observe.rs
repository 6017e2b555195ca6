//! What is watched beyond counting: the times of calls, and every raise in the flight recorder.
//!
//! *Concepts.* Both are switched at run time, and off at first. While one is on, every event goes through its general path, which
//! looks here once per raise; while both are off, an event with one handler pays nothing.

use crate::settle::settle_all;
use crate::sync::{AtomicU8, Ordering, global};

const TIMES: u8 = 1;
const RECORDING: u8 = 2;

global! {
    static SWITCHES: AtomicU8 = AtomicU8::new(0);
}

/// What a raise has to watch.
#[derive(Clone, Copy)]
pub(crate) struct Watch(u8);

impl Watch {
    #[inline(always)]
    pub(crate) fn now() -> Self {
        Self(SWITCHES.load(Ordering::Relaxed))
    }

    #[inline(always)]
    pub(crate) fn is_on(self) -> bool {
        self.0 != 0
    }

    pub(crate) fn times(self) -> bool {
        self.0 & TIMES != 0
    }

    pub(crate) fn recording(self) -> bool {
        self.0 & RECORDING != 0
    }
}

/// Whether the times of calls are taken from now on.
pub fn set_times(on: bool) {
    switch(TIMES, on);
}

/// Whether every raise is noted in the flight recorder from now on. What is rare is always noted.
pub fn set_recording(on: bool) {
    switch(RECORDING, on);
}

/// Whether the times of calls are taken.
pub fn are_times_taken() -> bool {
    Watch::now().times()
}

/// Whether every raise is noted in the flight recorder.
pub fn is_recording() -> bool {
    Watch::now().recording()
}

fn switch(bit: u8, on: bool) {
    if on {
        SWITCHES.fetch_or(bit, Ordering::Relaxed);
    } else {
        SWITCHES.fetch_and(!bit, Ordering::Relaxed);
    }
    settle_all();
}
