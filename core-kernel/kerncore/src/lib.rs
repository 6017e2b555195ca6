//! Pure algorithms of the kernel: link plans, line editing.
#![no_std]
#![forbid(unsafe_code)]

pub mod frames;
pub mod ring;
pub mod spans;
pub mod symbols;
