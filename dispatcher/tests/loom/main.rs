//! Models: every way in which a few operations on a few threads can interleave, under loom.
//!
//! Run by `cargo xtask test loom`; without `--cfg loom` this is empty. A model asserts what holds in each
//! interleaving, and with each value that the memory model lets a load see. Each file says what was broken on purpose to
//! see it fail; what was freed too early shows as a panic of loom's, which no longer knows the atomic.
#![cfg(loom)]
#![allow(clippy::unwrap_used, reason = "what does not work fails the model")]

mod disable;
mod impose;
mod install;
mod queue;
mod recorder;
mod support;
mod swap;
mod uninstall;
