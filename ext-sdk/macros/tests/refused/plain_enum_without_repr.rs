//! The layout of an enum is promised.

use spindle_macros::AbiPlain;

#[derive(Clone, Copy, AbiPlain)]
enum Mode {
    Slow,
    Fast,
}

fn main() {}
