//! An event without keys takes none.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(clock::Tick, now_ns = 0)] //~ `now_ns` is not a key of `clock.Tick`, which has none: remove it
    fn tick(&self, _now_ns: u64) {}
}

fn main() {}
