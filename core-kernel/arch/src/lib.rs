//! x86_64: descriptor tables, entry stubs, crossing, timers, serial.
#![no_std]
