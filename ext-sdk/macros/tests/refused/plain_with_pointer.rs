//! Plain data holds no pointer.

use spindle_macros::AbiPlain;

#[repr(C)]
#[derive(Clone, Copy, AbiPlain)]
struct Buffer {
    start: *const u8,
    length: u64,
}

fn main() {}
