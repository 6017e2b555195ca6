//! Whether the rows of one table go together.
//!
//! *Concepts.* Each row may be right by itself and the table wrong all the same: a guard that is not there, two defaults. It
//! takes two passes, the first of which notes what the second asks about other rows; no row is looked for.

use core::fmt;

use super::MAX_ROWS;
use super::row::{Row, role_code};
use crate::{Fingerprint, Options, Role};

/// Why a row does not go with the others. Whoever made the package mends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowError {
    /// A handler names a guard that is not in the table: name one that is, or none.
    NoSuchGuard {
        /// The row named.
        guard: usize,
    },
    /// A handler names as its guard a row with another role: name a guard.
    NotAGuard {
        /// The row named.
        guard: usize,
    },
    /// A handler names as its guard one that is for another event: a guard reads the frames of its own event.
    GuardOfAnotherEvent {
        /// The row named.
        guard: usize,
    },
    /// A guard that no handler names: name it, or remove it.
    UnusedGuard,
    /// A result handler of an event that answers nothing: there is nothing to make one result of.
    NoResult,
    /// A handler that is called later, of an event whose arguments would be gone by then, or whose raiser waits for an answer.
    NotQueueable,
    /// A second default or result handler of one event: there is one.
    Second {
        /// The row of the first.
        first: usize,
    },
}

impl fmt::Display for RowError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NoSuchGuard { guard } => write!(out, "its guard, row {guard}, is not there"),
            Self::NotAGuard { guard } => write!(out, "row {guard}, named as its guard, is none"),
            Self::GuardOfAnotherEvent { guard } => {
                write!(out, "its guard, row {guard}, is for another event")
            }
            Self::UnusedGuard => out.write_str("no handler names this guard: name it, or remove it"),
            Self::NoResult => out.write_str("its event answers nothing, so that there is no result to handle"),
            Self::NotQueueable => out.write_str(
                "it cannot be asynchronous: its event answers something, or has arguments behind a reference, which are gone \
                 when the raise is over",
            ),
            Self::Second { first } => write!(out, "row {first} has this role for the same event already"),
        }
    }
}

/// What is known of all rows.
pub(super) struct Table {
    events: [Fingerprint; MAX_ROWS],
    /// What [`role_code`] says; 0 where there is no row.
    roles: [u8; MAX_ROWS],
    is_named: [bool; MAX_ROWS],
}

impl Table {
    /// A table without rows.
    pub(super) const EMPTY: Self = Self {
        events: [Fingerprint([0; Fingerprint::BYTES]); MAX_ROWS],
        roles: [0; MAX_ROWS],
        is_named: [false; MAX_ROWS],
    };

    /// Notes a row, of which there are fewer than [`MAX_ROWS`].
    pub(super) fn note(&mut self, index: usize, row: &Row<'_>) {
        self.events[index] = row.fingerprint;
        self.roles[index] = role_code(&row.role);
        if let Role::Handler(Options { guard: Some(guard), .. }) = row.role {
            self.is_named[guard] = true;
        }
    }

    /// Checks a row once all are noted.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub(super) fn check(&self, index: usize, row: &Row<'_>) -> Result<(), RowError> {
        match row.role {
            Role::Handler(options) => self.check_handler(row, &options),
            Role::Guard if !self.is_named[index] => Err(RowError::UnusedGuard),
            Role::ResultHandler if !row.answers() => Err(RowError::NoResult),
            Role::DefaultHandler | Role::ResultHandler => self.check_first(index),
            Role::Guard | Role::ImposedGuard => Ok(()),
        }
    }

    fn check_handler(&self, row: &Row<'_>, options: &Options<'_>) -> Result<(), RowError> {
        if options.asynchronous && (row.answers() || row.borrows()) {
            return Err(RowError::NotQueueable);
        }
        let Some(guard) = options.guard else { return Ok(()) };
        match self.roles[guard] {
            0 => Err(RowError::NoSuchGuard { guard }),
            role if role != role_code(&Role::Guard) => Err(RowError::NotAGuard { guard }),
            _ if self.events[guard] != row.fingerprint => Err(RowError::GuardOfAnotherEvent { guard }),
            _ => Ok(()),
        }
    }

    fn check_first(&self, index: usize) -> Result<(), RowError> {
        let same =
            |at: &usize| self.roles[*at] == self.roles[index] && self.events[*at] == self.events[index];
        match (0..index).find(same) {
            Some(first) => Err(RowError::Second { first }),
            None => Ok(()),
        }
    }
}

impl Row<'_> {
    /// Whether a raise of the event answers something, as far as its schema shows it.
    fn answers(&self) -> bool {
        self.schema.contains(" -> ")
    }

    /// Whether an argument of the event is a reference, as far as its schema shows it.
    fn borrows(&self) -> bool {
        self.schema.contains('&')
    }
}
