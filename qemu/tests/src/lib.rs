//! Tests that run inside the kernel.
#![no_std]
