//! A default handler takes what nobody else took.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[default_handler(console::Command, word = "hello")]
    fn hello(&self, _word: &str, _name: &str) -> Status {
        Status::OK
    }
}

fn main() {}
