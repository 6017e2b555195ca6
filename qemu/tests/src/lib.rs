//! Tests that run inside the kernel, all in one boot, and the ways to die that reports are tested with.
//!
//! *Interface*: the kernel calls [`run_if_asked`] when it is built with its feature `ktest`. A test is a function that
//! returns [`Outcome`]; it is added to the `TESTS` of its file, and the file to [`GROUPS`].
//! What is said on the serial line is `spindle_abi::protocol::test`.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod death;
mod interrupts;
mod machine;
mod memory;
mod suite;

pub use suite::{Failure, Outcome, Test, run_if_asked};

/// Every file of tests.
const GROUPS: &[&[Test]] = &[memory::TESTS, machine::TESTS, interrupts::TESTS];
