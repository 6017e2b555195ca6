//! A tuple has no promised layout.

use spindle_macros::AbiPlain;

#[repr(C)]
#[derive(Clone, Copy, AbiPlain)]
struct Pair {
    both: (u32, u32),
}

fn main() {}
