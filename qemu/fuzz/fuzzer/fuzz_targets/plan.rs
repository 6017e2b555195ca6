//! Fuzzes `spindle_fuzz::plan`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spindle_fuzz::plan::check(bytes));
