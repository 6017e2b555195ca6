//! The layout of plain data is promised.

use spindle_macros::AbiPlain;

#[derive(Clone, Copy, AbiPlain)]
struct Span {
    start: u64,
    bytes: u64,
}

fn main() {}
