//! Pure algorithms of the kernel: link plans, line editing.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod command;
pub mod frames;
pub mod line;
pub mod link;
pub mod nearest;
pub mod plan;
pub mod ring;
pub mod signature;
pub mod spans;
pub mod symbols;
pub mod table;
