//! A method is one thing.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(clock::Tick)]
    #[stop]
    fn tick(&self, _now_ns: u64) {}
}

fn main() {}
