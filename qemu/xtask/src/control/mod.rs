//! Speaking to the kernel that runs in another terminal: finding it, waiting for one's turn, and talking.
//!
//! ```text
//!  cargo xtask run ──> QEMU listens at target/spindle/control/PID.socket
//!  cargo xtask ctl ──> sockets (the newest) ─> turn (PID.lock) ─> talk (spindle_runner::control)
//! ```
//! *Interface*: [`Talk::begin`] for whoever has something to say; [`Socket`] for whoever starts a machine.

mod sockets;
mod talk;
mod turn;

pub(crate) use sockets::Socket;
pub(crate) use talk::{Reach, Talk};
