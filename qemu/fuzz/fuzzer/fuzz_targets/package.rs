//! Fuzzes `spindle_fuzz::package`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spindle_fuzz::package::check(bytes));
