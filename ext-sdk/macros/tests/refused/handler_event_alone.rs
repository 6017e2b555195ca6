//! An event is named with its interface.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(Tick)]
    fn tick(&self, _now_ns: u64) {}
}

fn main() {}
