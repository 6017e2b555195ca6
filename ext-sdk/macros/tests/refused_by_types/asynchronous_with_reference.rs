//! What a handler is called with later is passed by value.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(bench::Measure, asynchronous)] //~ a handler of `bench.Measure` cannot be asynchronous
    fn measure(&self, _iterations: u32, _samples: &mut [u64]) {}
}

fn main() {}
