//! Plain data holds no reference.

use spindle_macros::AbiPlain;

#[repr(C)]
#[derive(Clone, Copy, AbiPlain)]
struct Named {
    name: &'static str,
}

fn main() {}
