//! A crate by the name of another.
#![no_std]
