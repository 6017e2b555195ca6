//! How a raise went, in one word that fits a register.

use crate::{Owner, RaiseError};
use spindle_abi::EventSpec;

/// How a raise went so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A handler ran.
    Handled,
    /// No handler ran.
    Unhandled,
    /// A callee was abandoned.
    Faulted(Owner),
    /// A callee was in use by another strand.
    Busy(Owner),
}

const HANDLED: u64 = 0;
const UNHANDLED: u64 = 1;
const FAULTED: u64 = 2;
const BUSY: u64 = 3;

impl Outcome {
    /// The outcome of a raise whose only handler has returned; `initial` is what it found as the answer, and what
    /// the raiser finds again if it passed the raise on.
    #[inline(always)]
    pub(crate) fn of_only_handler<E: EventSpec>(frame: &mut E::Frame<'_>, initial: E::Result) -> Self {
        if !E::CHAINED || E::is_handled(E::result(frame)) {
            return Self::Handled;
        }
        *E::result(frame) = initial;
        Self::Unhandled
    }

    /// It, as an entry returns it.
    #[inline(always)]
    pub(crate) fn word(self) -> u64 {
        // Two questions, so that they become a move and a select, and not a table to jump by.
        let kind = match self {
            Self::Handled => HANDLED,
            Self::Unhandled => UNHANDLED,
            Self::Faulted(_) => FAULTED,
            Self::Busy(_) => BUSY,
        };
        let owner = match self {
            Self::Handled | Self::Unhandled => 0,
            Self::Faulted(owner) | Self::Busy(owner) => owner.0,
        };
        kind | u64::from(owner) << 32
    }

    /// What an entry has returned.
    #[inline(always)]
    pub(crate) fn result(word: u64) -> Result<(), RaiseError> {
        if word == HANDLED { Ok(()) } else { Err(error(word)) }
    }

    /// Notes what happened next: the first fault outlasts everything, being busy all but that.
    pub(crate) fn and(self, next: Self) -> Self {
        match (self, next) {
            (Self::Faulted(_), _) | (_, Self::Unhandled) => self,
            (Self::Busy(_), Self::Handled) => self,
            _ => next,
        }
    }
}

#[cold]
fn error(word: u64) -> RaiseError {
    let owner = Owner((word >> 32) as u32);
    match word & u64::from(u32::MAX) {
        FAULTED => RaiseError::Fault(owner),
        BUSY => RaiseError::Busy(owner),
        _ => RaiseError::NoHandler,
    }
}
