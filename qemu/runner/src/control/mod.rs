//! The host's end of the control channel: commands and packages for a kernel that is running.
//!
//! *Interface*: [`Channel::open`] a machine's socket, say [`Channel::hello`], then [`Channel::run`] and
//! [`Channel::push`] as often as wanted. Protocol and messages are `spindle_kerncore::control`'s.
//!
//! *Not here*: which socket, and who may speak when several want to (`qemu/xtask`).

mod channel;
mod error;
#[cfg(test)]
mod tests;

pub use channel::{Channel, Package, connect};
pub use error::ControlError;
