//! Plain data holds no `usize`: wasm32 has another one.

use spindle_macros::AbiPlain;

#[repr(C)]
#[derive(Clone, Copy, AbiPlain)]
struct Span {
    length: usize,
}

fn main() {}
