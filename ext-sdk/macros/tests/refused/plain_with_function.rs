//! Plain data holds no function.

use spindle_macros::AbiPlain;

#[repr(C)]
#[derive(Clone, Copy, AbiPlain)]
struct Callback {
    call: fn(u64) -> u64,
}

fn main() {}
