//! A guard takes the arguments of its handlers' event.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(clock::Tick, guard = is_mine)]
    fn tick(&self, _now_ns: u64) {}

    #[guard]
    fn is_mine(&self, _now_ns: u32) -> bool { //~ expected `u64`, found `u32`
        true
    }
}

fn main() {}
