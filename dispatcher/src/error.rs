//! What can go wrong when an event is raised, or its bindings change.

use crate::{BindingId, Owner, Role};
use core::fmt;

/// Why a raise had no ordinary end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RaiseError {
    /// An answer was wanted and nobody gave one. The raiser does what it does for an event that nobody handles.
    NoHandler,
    /// A handler or guard of `Owner` faulted; the others ran. The raiser goes on with the frame as the others left it.
    Fault(Owner),
    /// A handler or guard of `Owner` is in use by another strand and takes one at a time; the others ran. Raise again later.
    Busy(Owner),
}

/// Why a binding could not be made or replaced; nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstallError {
    /// No memory for the new table. Free something and try again.
    OutOfMemory,
    /// The key's field number; the event has no such key field. Guard on one that its declaration marks.
    NoSuchKey(usize),
    /// The key field's number; it holds a value of the other kind. Guard with a word on a word, a number on a number.
    KeyKind(usize),
    /// The key's length in bytes; a word key has at most [`spindle_abi::Key::MAX_WORD_BYTES`]. Shorten it.
    KeyTooLong(usize),
    /// No number is from `from` to `to`. Exchange the ends.
    EmptyRange {
        /// The smallest, as it was given.
        from: u64,
        /// The largest, as it was given.
        to: u64,
    },
    /// The key's field number; no value of it suits all that is asked of it. Leave one of the terms out.
    NeverHolds(usize),
    /// The event that the code is for, by name; it was to be bound to another one. Bind it to that event.
    OtherEvent(&'static str),
    /// The binding is not installed (any more). Somebody uninstalled it; there is nothing left to do.
    NotInstalled,
    /// An authorizer refused. Ask for less, or have whoever owns the event grant it.
    Denied {
        /// The authorizer.
        by: &'static str,
        /// Its rule.
        why: &'static str,
    },
    /// The event, by name; raises of it cannot be delivered later. Handle it when it is raised: only up to 128 bytes
    /// of arguments by value, without gaps between them, can wait in a queue, and nobody waits for a result.
    NotAsynchronous(&'static str),
    /// The event, by name; it is raised in interrupts, where only the kernel's handlers run. Make the handler asynchronous,
    /// and have it look at the arguments itself instead of a guard that is code.
    SynchronousInInterrupt(&'static str),
    /// Another binding has the role, or is the intrinsic handler already. Remove that first, in the same swap if need be.
    Occupied(Role),
    /// The binding to be placed beside is not a handler of the event. Place it elsewhere.
    NoSuchBinding(BindingId),
    /// The role has no use for what was asked: only handlers are guarded, ordered, cancelling or asynchronous; a result handler needs
    /// an event with a result. Leave it out.
    NotInRole(Role),
}

/// Why a ticket cannot be waited for here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitError {
    /// The caller runs inside a handler, and would wait for itself. Return first, and wait outside any raise.
    InsideHandler,
}

impl fmt::Display for RaiseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHandler => f.write_str("no handler accepted the event"),
            Self::Fault(owner) => write!(f, "a handler of owner {} faulted", owner.0),
            Self::Busy(owner) => write!(f, "a handler of owner {} is in use", owner.0),
        }
    }
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfMemory => f.write_str("no memory for the table of bindings"),
            Self::NoSuchKey(field) => write!(f, "the event has no key field number {field}"),
            Self::KeyKind(field) => write!(f, "key field number {field} has a value of the other kind"),
            Self::KeyTooLong(bytes) => {
                write!(f, "a word key of {bytes} bytes; the limit is {}", spindle_abi::Key::MAX_WORD_BYTES)
            }
            Self::EmptyRange { from, to } => write!(f, "no number is from {from} to {to}"),
            Self::NeverHolds(field) => {
                write!(f, "no value of key field number {field} is all that is asked for")
            }
            Self::OtherEvent(name) => write!(f, "the handler takes raises of {name} only"),
            Self::NotInstalled => f.write_str("the binding is not installed"),
            Self::Denied { by, why } => write!(f, "denied by {by}: {why}"),
            Self::NotAsynchronous(name) => write!(
                f,
                "{name} cannot be handled later: only up to 128 bytes of arguments by value, without gaps, and no result can wait in a queue"
            ),
            Self::SynchronousInInterrupt(name) => {
                write!(
                    f,
                    "{name} is raised in interrupts: a handler that is not the kernel's must be asynchronous, and have no guard that is code"
                )
            }
            Self::Occupied(role) => write!(f, "the event has {} already: remove that first", role.in_words()),
            Self::NoSuchBinding(id) => write!(f, "binding {} is not a handler of the event", id.number()),
            Self::NotInRole(role) => write!(f, "{} cannot be asked for this", role.in_words()),
        }
    }
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a handler cannot wait for the end of its own raise")
    }
}

impl core::error::Error for RaiseError {}
impl core::error::Error for InstallError {}
impl core::error::Error for WaitError {}
