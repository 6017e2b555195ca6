//! An alias does not hide a reference.

use spindle_macros::AbiPlain;

type Name = &'static str;

#[repr(C)]
#[derive(Clone, Copy, AbiPlain)]
struct Named {
    name: Name, //~ `&'static str` cannot cross a domain boundary
}

fn main() {}
