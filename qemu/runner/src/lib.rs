//! Starts QEMU with a hard timeout and speaks the serial protocol.
//!
//! *Interface*: describe a [`Machine`]; to run it unattended, give its command and [`Limits`] to [`capture`], and feed
//! the lines to a [`Script`] or a [`TestRun`]; to sit at its console, give it to [`interactive`]. How it ended is an
//! [`Outcome`] in both cases. To speak to a kernel that is running, [`control`].
//!
//! *Invariants*: INV-RUN-1: no child outlives its limits, nor [`stop_all`]. INV-RUN-2: what the guest said on its
//! serial line is in the log file, whatever happened after. INV-RUN-3: the terminal is given back as it was taken.
//!
//! *Not here*: building what is booted, choosing where QEMU is (`qemu/xtask`).
#![forbid(unsafe_code)]

mod accelerator;
mod capture;
mod children;
mod console;
pub mod control;
mod error;
mod firmware_noise;
mod machine;
mod outcome;
mod protocol;
mod script;
mod terminal;
mod tests_seen;

pub use accelerator::Accelerator;
pub use capture::{Capture, Complaints, Limits, capture};
pub use children::stop_all;
pub use console::{Session, interactive};
pub use error::Error;
pub use machine::{Firmware, Linux, Machine};
pub use outcome::{Ending, Limit, Outcome};
pub use protocol::Line;
pub use script::{CommandReport, Script};
pub use tests_seen::{Case, TestRun};
