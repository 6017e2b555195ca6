//! What can go wrong when an event is raised, or its bindings change.

use crate::Owner;
use core::fmt;

/// Why a raise had no ordinary end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RaiseError {
    /// No handler's guard held. The raiser does what it does for an event that nobody handles.
    NoHandler,
    /// A handler of `Owner` faulted; the others ran. The raiser goes on with the frame as the others left it.
    Fault(Owner),
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
    /// The event that the handler is for, by name; it was to be bound to another one. Bind it to that event.
    OtherEvent(&'static str),
    /// The binding is not installed (any more). Somebody uninstalled it; there is nothing left to do.
    NotInstalled,
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
            Self::OtherEvent(name) => write!(f, "the handler takes raises of {name} only"),
            Self::NotInstalled => f.write_str("the binding is not installed"),
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
