//! No event has five keys.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(console::Command, a = 1, b = 2, c = 3, d = 4, e = 5)]
    fn hello(&self, _word: &str, _name: &str) -> Status {
        Status::OK
    }
}

fn main() {}
