//! `#[handler]` works inside `#[extension]`.

use spindle_sdk::prelude::*;

struct Hello;

impl Hello {
    #[handler(clock::Tick)]
    fn tick(&self, _now_ns: u64) {}
}

fn main() {}
