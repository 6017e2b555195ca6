//! The time stamp counter of this machine, and what its stamps mean.

use std::time::{Duration, Instant};

use spindle_bench_method::{Clock, Unit};

use crate::sys::cycles;

/// How long the counter is compared with the system's clock.
const MEASURED: Duration = Duration::from_millis(250);

/// The time stamp counter between fences.
pub(crate) struct TimeStampCounter;

impl Clock for TimeStampCounter {
    #[inline(always)]
    fn stamp() -> u64 {
        cycles()
    }
}

/// Nanoseconds, the rate of the counter measured by the system's clock.
pub(crate) fn nanoseconds() -> Unit {
    let (started, from) = (Instant::now(), cycles());
    while started.elapsed() < MEASURED {}
    let (passed, stamps) = (started.elapsed(), cycles() - from);
    Unit::Nanoseconds { hz: (u128::from(stamps) * 1_000_000_000 / passed.as_nanos()) as u64 }
}
