//! An enum that crosses carries no data.

use spindle_macros::AbiPlain;

#[repr(u8)]
#[derive(Clone, Copy, AbiPlain)]
enum Event {
    Key(u8),
    Tick,
}

fn main() {}
