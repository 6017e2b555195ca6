//! No word is empty.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(console::Command, word = "")]
    fn hello(&self, _word: &str, _name: &str) -> Status {
        Status::OK
    }
}

fn main() {}
