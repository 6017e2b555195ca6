//! Plain data has no padding.

use spindle_macros::AbiPlain;

#[repr(C)]
#[derive(Clone, Copy, AbiPlain)]
struct Span { //~ `Span` has padding: order its fields by size, or name the gap
    kind: u8,
    bytes: u64,
}

fn main() {}
