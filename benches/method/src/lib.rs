//! How every benchmark of Spindle samples, and what a figure is: in the kernel, in a user program, in Linux.
//!
//! # Concepts
//! A *sample* of a call is one *batch* of calls between two readings of a [`Clock`], less the fastest *empty* batch of the
//! same loop. What has to be divided by the calls of a batch stays undivided until a [`Measurement`] is made of it.
//!
//! # Interface
//! To sample, [`sample`]; to make a figure of the samples, [`Measurement::of`]; to print it, [`Measurement::json`].
//!
//! # Invariants
//! `INV-METHOD-1`: sampling allocates nothing and is inlined whole into its caller, so that a benchmark decides where
//! its loop lies and every benchmark has a loop of its own.
//!
//! # Not here
//! - Extensions may name no crate but the SDK, so `callbench` has the same loop once more.
//! - On the host criterion samples (`benches/host`).
#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

mod measurement;
mod sampling;
mod unit;

pub use measurement::{Measurement, Timed};
pub use sampling::{BATCH, Clock, sample};
pub use unit::Unit;
