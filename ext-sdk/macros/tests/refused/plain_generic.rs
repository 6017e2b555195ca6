//! Plain data is one type, with one schema.

use spindle_macros::AbiPlain;

#[repr(C)]
#[derive(Clone, Copy, AbiPlain)]
struct Pair<T> {
    first: T,
    second: T,
}

fn main() {}
