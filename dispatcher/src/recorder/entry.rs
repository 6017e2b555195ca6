//! What the flight recorder notes.

use crate::{BindingId, EventCore, Owner};

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When, in units of [`Strand::now`](crate::Strand::now).
    pub time: u64,
    /// At which event.
    pub event: &'static EventCore,
    /// To which binding; [`BindingId::NONE`] if to the event as a whole.
    pub binding: BindingId,
    /// Whose binding that is, or who is meant.
    pub owner: Owner,
    /// What.
    pub what: What,
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A handler ran.
    Ran,
    /// A guard kept a raise from a handler, or discarded what it did.
    Rejected,
    /// A handler or guard was abandoned.
    Faulted,
    /// A handler or guard was in use by another strand.
    Busy,
    /// A raise waits for its asynchronous handler.
    Queued,
    /// A raise that waited, or should have, will not be delivered.
    Dropped,
    /// A raise wanted an answer and nobody gave one.
    NoHandler,
    /// A binding was installed.
    Installed,
    /// A binding was uninstalled.
    Uninstalled,
    /// The event's bindings were changed together with others.
    Swapped,
    /// A guard was imposed.
    Imposed,
    /// An imposed guard was lifted.
    Lifted,
    /// The owner's handlers are called no more.
    Disabled,
}

impl What {
    pub(super) const ALL: [Self; 13] = [
        Self::Ran,
        Self::Rejected,
        Self::Faulted,
        Self::Busy,
        Self::Queued,
        Self::Dropped,
        Self::NoHandler,
        Self::Installed,
        Self::Uninstalled,
        Self::Swapped,
        Self::Imposed,
        Self::Lifted,
        Self::Disabled,
    ];

    /// It, as a listing says it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Ran => "ran",
            Self::Rejected => "rejected",
            Self::Faulted => "faulted",
            Self::Busy => "busy",
            Self::Queued => "queued",
            Self::Dropped => "dropped",
            Self::NoHandler => "no handler",
            Self::Installed => "installed",
            Self::Uninstalled => "uninstalled",
            Self::Swapped => "swapped",
            Self::Imposed => "imposed",
            Self::Lifted => "lifted",
            Self::Disabled => "disabled",
        }
    }
}
