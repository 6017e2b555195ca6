//! An alias does not hide a `usize`.

use spindle_macros::AbiPlain;

type Length = usize;

#[repr(C)]
#[derive(Clone, Copy, AbiPlain)]
struct Span {
    length: Length, //~ for `usize` write `u64`
}

fn main() {}
