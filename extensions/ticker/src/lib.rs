//! Counts clock ticks and reports them on command.
#![no_std]
