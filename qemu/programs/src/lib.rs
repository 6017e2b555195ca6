//! User programs: what they are made of.
//!
//! *Concepts*: a program is one file of `src/bin`, a static executable in the ramdisk as `NAME.elf`. It starts with up to
//! three numbers, speaks to the rest of the world by system calls only, and ends with a status. Nothing of it is
//! trusted: its unsafe code can hurt nobody but itself, and most of these programs try.
//!
//! *Interface*: write `fn main(arguments: [u64; 3]) -> u64`, and name it in [`program!`].
//!
//! On a host each is an empty program, so that `cargo clippy --workspace` sees all of it.
#![no_std]

pub mod faults;
pub mod registers;
mod start;
mod system_call;

pub use start::{Status, exit};
pub use system_call::{answer, system_call, write};

/// The time stamp counter, read after everything before and before everything after.
pub fn cycles() -> u64 {
    let (low, high): (u32, u32);
    // SAFETY: the fences and the counter touch no memory.
    unsafe {
        core::arch::asm!("lfence", "rdtsc", "lfence", out("eax") low, out("edx") high, options(nostack, preserves_flags))
    };
    u64::from(high) << 32 | u64::from(low)
}
