//! Commands as data: what a console line must look like, which command it names, and what could be typed next.
//!
//! *Concepts.* A [`Grammar`] describes one command: its name (one or more words), its parameters, its options. From
//! that one description come parsing, the usage line, completion and the nearest command to a mistyped line.
//! Words are separated by blanks; there is no quoting.
//!
//! *Interface.* [`find`] the command of a line, [`Grammar::parse`] what follows its name; [`complete`] on Tab;
//! [`nearest`] for a line that names no command.
//!
//! *Not here:* what a command does (the kernel's console), the line editor ([`crate::line`]).

mod arguments;
mod completion;
mod grammar;
mod lookup;

pub use arguments::{Arguments, UsageError};
pub use completion::complete;
pub use grammar::{Arity, Grammar, Opt, Parameter, Words};
pub use lookup::{Found, find, nearest};

/// The most words that one line may hold beside the command's name and options.
pub const MAX_ARGUMENTS: usize = 8;
/// The most options that one line may hold.
pub const MAX_OPTIONS: usize = 4;
