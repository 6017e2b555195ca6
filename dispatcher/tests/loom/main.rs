//! Models: every way in which a few operations on a few threads can interleave, under loom.
//!
//! Run by `cargo xtask test loom`; without `--cfg loom` this is empty. A model asserts what holds in each
//! interleaving, and with each value that the memory model lets a load see. What is broken on purpose has to be
//! found: `BREAKAGES.md` beside this file says what was tried.
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
