//! How what was raised asynchronously is delivered: how much may wait, and what gives way.

/// The queue in front of each asynchronous binding of an event; the event's owner chooses.
///
/// ```
/// use spindle_dispatcher::{Delivery, Policy};
///
/// const LATEST_EIGHT: Delivery = Delivery::new(Policy::DropOldest, 8);
/// assert_eq!(LATEST_EIGHT.capacity(), 8);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    policy: Policy,
    capacity: u16,
}

/// What happens to a frame when as many wait as may. A frame that is lost is counted, whichever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// It is dropped.
    DropNewest,
    /// It comes in, and the oldest one that waits is dropped.
    DropOldest,
    /// One frame waits at most, whatever the capacity: the latest, in place of the one before.
    Coalesce,
    /// The raise lets queued work run until there is room; where that is impossible, the frame is dropped.
    Block,
}

impl Delivery {
    /// The largest capacity, in frames.
    pub const MAX_CAPACITY: u16 = 1024;

    /// What an event has whose owner did not choose: 16 frames, and the newest is dropped.
    pub const DEFAULT: Self = Self::new(Policy::DropNewest, 16);

    /// Up to `capacity` frames wait, 1 to [`Delivery::MAX_CAPACITY`]; exactly as many, not rounded to anything.
    ///
    /// # Panics
    /// If the capacity is out of range: when compiled, if this makes a constant.
    pub const fn new(policy: Policy, capacity: u16) -> Self {
        assert!(capacity >= 1 && capacity <= Self::MAX_CAPACITY, "a queue has 1 to 1024 places");
        Self { policy, capacity }
    }

    /// What gives way when there is no room.
    pub const fn policy(self) -> Policy {
        self.policy
    }

    /// How many frames may wait.
    pub const fn capacity(self) -> usize {
        match self.policy {
            Policy::Coalesce => 1,
            _ => self.capacity as usize,
        }
    }
}

impl Default for Delivery {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Policy {
    /// The policy as a listing names it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::DropNewest => "drop newest",
            Self::DropOldest => "drop oldest",
            Self::Coalesce => "coalesce",
            Self::Block => "block",
        }
    }
}
