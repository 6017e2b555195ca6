//! Pure algorithms of the kernel, tested on the host: nothing here knows a machine, an address space or a lock.
//!
//! *Interface.* One module per subject: [`plan`] checks and lays out an object, [`program`] an executable, [`link`] resolves names, [`signature`]
//! verifies; [`frames`] and [`spans`] keep account of memory and addresses; [`command`], [`line`], [`table`] and
//! [`nearest`] are the console's; [`control`] is the control channel's; [`ring`] keeps bytes and lines; [`symbols`] names addresses.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod command;
pub mod control;
pub mod frames;
pub mod line;
pub mod link;
pub mod nearest;
pub mod plan;
pub mod program;
pub mod ring;
pub mod signature;
pub mod spans;
pub mod symbols;
pub mod table;
