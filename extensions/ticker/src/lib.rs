//! Counts clock ticks; the console command `ticker` reports them.
#![no_std]

use core::sync::atomic::{AtomicU64, Ordering};

use spindle_sdk::prelude::*;

/// The extension: how many ticks it has seen.
#[derive(Default)]
pub struct Ticker {
    ticks: AtomicU64,
}

#[extension]
impl Ticker {
    #[handler(clock::Tick)]
    fn count(&self, _now_ns: u64) {
        self.ticks.fetch_add(1, Ordering::Relaxed);
    }

    #[handler(console::Command, word = "ticker")]
    fn report(&self, _word: &str, _arguments: &str) -> Status {
        let ticks = self.ticks.load(Ordering::Relaxed);
        let uptime_ms = clock::now() / 1_000_000;
        println!("{ticks} ticks counted; up {}.{:03} s", uptime_ms / 1000, uptime_ms % 1000);
        Status::OK
    }
}
