//! A handler returns the result of its event.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(console::Command, word = "hello")]
    fn hello(&self, _word: &str, _name: &str) -> bool { //~ expected `Status`, found `bool`
        true
    }
}

fn main() {}
