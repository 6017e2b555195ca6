//! Breaks no rule in this file.
#![no_std]

/// Nothing.
pub struct Nothing;
