//! Modules from elsewhere.
#![no_std]

#[path = "../../accepted/src/lib.rs"]
mod accepted;

#[cfg_attr(all(), path = "/tmp/module.rs")]
mod module;
