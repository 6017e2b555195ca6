//! Benchmarks that run inside the kernel.
#![no_std]
