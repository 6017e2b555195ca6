//! A handler is a method.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(clock::Tick)]
    fn tick(_now_ns: u64) {}
}

fn main() {}
