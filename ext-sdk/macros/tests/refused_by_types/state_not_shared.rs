//! State is shared by all handlers.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello {
    last_ns: core::cell::Cell<u64>,
}

#[extension]
impl Hello { //~ `Cell<u64>` cannot be shared between threads
    #[handler(clock::Tick)]
    fn tick(&self, now_ns: u64) {
        self.last_ns.set(now_ns);
    }
}

fn main() {}
