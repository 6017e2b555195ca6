//! A union does not say which field is valid.

use spindle_macros::AbiPlain;

#[repr(C)]
#[derive(Clone, Copy, AbiPlain)]
union Either {
    integer: u32,
    float: f32,
}

fn main() {}
