//! An event has one default handler.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[default_handler(console::Command)]
    fn one(&self, _word: &str, _name: &str) -> Status {
        Status::OK
    }

    #[default_handler(console::Command)]
    fn two(&self, _word: &str, _name: &str) -> Status {
        Status::OK
    }
}

fn main() {}
