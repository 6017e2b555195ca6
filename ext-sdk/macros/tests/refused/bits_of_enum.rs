//! An enum has bit patterns that are no values.

use spindle_macros::{AbiBits, AbiPlain};

#[repr(u8)]
#[derive(Clone, Copy, AbiPlain, AbiBits)]
enum Mode {
    Slow,
    Fast,
}

fn main() {}
