//! A handler takes the arguments of its event.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(clock::Tick)]
    fn tick(&self, _now_ns: u32) {} //~ expected `u64`, found `u32`
}

fn main() {}
