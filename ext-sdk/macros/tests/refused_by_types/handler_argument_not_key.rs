//! An argument that is no key selects nothing.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(console::Command, arguments = "ada")] //~ `arguments` is not a key of `console.Command`; its keys are: word
    fn hello(&self, _word: &str, _name: &str) -> Status {
        Status::OK
    }
}

fn main() {}
