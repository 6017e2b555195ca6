//! An option stands once.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(console::Command, cancel, first, cancel)]
    fn hello(&self, _word: &str, _name: &str) -> Status {
        Status::OK
    }
}

fn main() {}
