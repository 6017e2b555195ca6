//! What a difference of two time stamps means.

use std::time::{Duration, Instant};

use crate::sys::cycles;

/// How long the counter is compared with the system's clock.
const MEASURED: Duration = Duration::from_millis(250);

/// What a difference of two time stamps means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Nanoseconds, by a time stamp counter of this rate.
    Nanoseconds {
        /// Stamps in a second.
        hz: u64,
    },
    /// Instructions: the machine advances its clock by one nanosecond, and one stamp, per instruction.
    Instructions,
}

impl Unit {
    /// Nanoseconds, the rate measured by the system's clock.
    pub(crate) fn of_this_machine() -> Self {
        let (started, from) = (Instant::now(), cycles());
        while started.elapsed() < MEASURED {}
        let (passed, stamps) = (started.elapsed(), cycles() - from);
        Self::Nanoseconds { hz: (u128::from(stamps) * 1_000_000_000 / passed.as_nanos()) as u64 }
    }

    /// As it stands in results.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nanoseconds { .. } => "ns",
            Self::Instructions => "instructions",
        }
    }

    /// Thousandths of the unit in `stamps`, divided by `parts`.
    pub(crate) fn milli(self, stamps: u64, parts: u32) -> u64 {
        let scaled = match self {
            Self::Nanoseconds { hz } => u128::from(stamps) * 1_000_000_000_000 / u128::from(hz),
            Self::Instructions => u128::from(stamps) * 1_000,
        };
        (scaled / u128::from(parts)) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::Unit;

    #[test]
    fn stamps_are_scaled_by_the_rate() {
        assert_eq!(Unit::Nanoseconds { hz: 2_000_000_000 }.milli(3_000, 100), 15_000);
        assert_eq!(Unit::Instructions.milli(250, 100), 2_500);
    }
}
