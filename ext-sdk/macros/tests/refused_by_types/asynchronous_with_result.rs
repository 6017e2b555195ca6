//! Nobody waits for what an asynchronous handler answers.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(bench::Nested, asynchronous)] //~ a handler of `bench.Nested` cannot be asynchronous
    fn nested(&self, _depth: u32) -> Status {
        Status::OK
    }
}

fn main() {}
