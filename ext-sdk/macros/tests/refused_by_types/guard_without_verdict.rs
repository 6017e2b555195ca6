//! A guard says yes or no.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(clock::Tick, guard = is_mine)]
    fn tick(&self, _now_ns: u64) {}

    #[guard]
    fn is_mine(&self, _now_ns: u64) {} //~ expected `bool`, found `()`
}

fn main() {}
