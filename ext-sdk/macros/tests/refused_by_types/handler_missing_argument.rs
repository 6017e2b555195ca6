//! A handler takes all arguments of its event.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(console::Command, word = "hello")]
    fn hello(&self, _word: &str) -> Status { //~ has 2 parameters but the declaration in trait
        Status::OK
    }
}

fn main() {}
