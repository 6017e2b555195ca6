//! State is shared.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(clock::Tick)]
    fn tick(&mut self, _now_ns: u64) {}
}

fn main() {}
