//! Fuzzes `spindle_fuzz::control`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spindle_fuzz::control::check(bytes));
