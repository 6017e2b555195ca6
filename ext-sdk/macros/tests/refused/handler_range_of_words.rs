//! A range is one of numbers.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(console::Command, word = "a"..="b")]
    fn hello(&self, _word: &str, _name: &str) -> Status {
        Status::OK
    }
}

fn main() {}
