//! The console: lines from a human or from the host's script, and the commands that they name.
//!
//! ```text
//!  serial bytes ──> Terminal ──line──┐                   event
//!                   (line editor)    ├─> Session::execute ──> console.Command ──> extensions, by order and word
//!  host's script ────────────line────┤         │                   └────────────> intrinsic: a command of the kernel?
//!  control channel ──────────line────┘         └─ after the raise: runs that command ──> Sink
//! ```
//!
//! *Interface.* The main loop feeds a [`Terminal`]; a script and the control channel call [`Session::execute`] for each line. To add a
//! command, add a [`registry::Command`] to [`registry::COMMANDS`] in a file of `commands`: help, usage, completion and
//! the nearest command to a mistyped line follow from it.
//!
//! *Locking.* None is held while a command runs. Everything here runs on the main strand, outside any raise.
//!
//! *Not here:* editing a line, parsing it, laying out a table (`spindle_kerncore::{line, command, table}`).

mod commands;
mod error;
mod execute;
pub(crate) mod intrinsic;
mod json;
mod names;
mod output;
mod owners;
mod registry;
mod session;
mod sink;
mod terminal;

pub(crate) use registry::is_command_of_the_kernel;
pub(crate) use session::Session;
pub(crate) use sink::Sink;
pub(crate) use terminal::Terminal;
