//! The kernel waits for a handler.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(clock::Tick)]
    async fn tick(&self, _now_ns: u64) {}
}

fn main() {}
