//! Health: how the kernel and its extensions find themselves.

use spindle_macros::AbiPlain;

/// How many of those who were asked found themselves how.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, AbiPlain)]
pub struct Report {
    /// They do what they are there for.
    pub fine: u32,
    /// They do, but not all of it, or not for long any more.
    pub strained: u32,
    /// They do not.
    pub failing: u32,
}

impl Report {
    /// One who is fine.
    pub const FINE: Self = Self { fine: 1, strained: 0, failing: 0 };
    /// One who is strained.
    pub const STRAINED: Self = Self { fine: 0, strained: 1, failing: 0 };
    /// One who is failing.
    pub const FAILING: Self = Self { fine: 0, strained: 0, failing: 1 };

    /// Both reports together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            fine: self.fine.saturating_add(other.fine),
            strained: self.strained.saturating_add(other.strained),
            failing: self.failing.saturating_add(other.failing),
        }
    }
}

spindle_macros::interface! {
    health {
        /// Raised by the console's command `health`: each handler reports on itself, the kernel first.
        ///
        /// Without a result handler the raiser gets the report of the last one that was asked. A result handler can make one
        /// of all of them; `extensions/tally` adds them up.
        event Check() -> Report;
    }
}
