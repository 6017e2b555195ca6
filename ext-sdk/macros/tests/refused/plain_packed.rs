//! Plain data is not packed.

use spindle_macros::AbiPlain;

#[repr(C, packed)]
#[derive(Clone, Copy, AbiPlain)]
struct Span {
    kind: u8,
    bytes: u64,
}

fn main() {}
