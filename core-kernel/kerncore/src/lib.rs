//! Pure algorithms of the kernel: link plans, line editing.
#![no_std]
