//! Tests that run inside the kernel, all in one boot, and the ways to crash that reports are tested with.
//!
//! *Interface*: [`run`] tests, [`crash()`] on purpose; the kernel's console does so when it is built with its feature
//! `ktest`. A test is a function that returns [`Outcome`]; it is added to the `TESTS` of its file by [`case!`], and the
//! file to [`GROUPS`]. It fails by [`check!`] and [`check_equal!`]. The kernel has tests of its own of the same kind.
//! What is said on the serial line: docs/reference/test-protocol.md.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod crash;
mod interrupts;
mod machine;
mod memory;
mod suite;

#[doc(hidden)]
pub use alloc::format;
pub use crash::{crash, crashes};
pub use suite::{Failure, Outcome, Tally, Test, run};

/// Every file of tests.
const GROUPS: &[&[Test]] = &[memory::TESTS, machine::TESTS, interrupts::TESTS];

/// Every test of this crate.
pub fn tests() -> impl Iterator<Item = &'static Test> + Clone {
    GROUPS.iter().copied().flatten()
}
