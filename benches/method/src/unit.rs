//! What a difference of two time stamps means.

/// What a difference of two time stamps means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Nanoseconds, by a clock of this rate.
    Nanoseconds {
        /// Stamps in a second; not 0.
        hz: u64,
    },
    /// Instructions: the machine advances its clock by one nanosecond, and one stamp, per instruction.
    Instructions,
    /// No time at all: how often something happened.
    Times,
}

impl Unit {
    /// As it stands in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nanoseconds { .. } => "ns",
            Self::Instructions => "instructions",
            Self::Times => "times",
        }
    }

    /// Thousandths of the unit in `stamps`, divided by `parts`.
    pub const fn milli(self, stamps: u64, parts: u32) -> u64 {
        let scaled = match self {
            Self::Nanoseconds { hz } => stamps as u128 * 1_000_000_000_000 / hz as u128,
            Self::Instructions | Self::Times => stamps as u128 * 1_000,
        };
        (scaled / parts as u128) as u64
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
