//! A struct with a `bool` has bit patterns that are no values.

use spindle_macros::{AbiBits, AbiPlain};

#[repr(C)]
#[derive(Clone, Copy, AbiPlain, AbiBits)]
struct Flags {
    ready: bool, //~ `bool` cannot cross a domain boundary behind `&mut`
}

fn main() {}
