//! Fuzzes `spindle_fuzz::wasm_import`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spindle_fuzz::wasm_import::check(bytes));
