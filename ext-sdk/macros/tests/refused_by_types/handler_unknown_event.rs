//! The event exists.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(console::Comand, word = "hello")] //~ cannot find type `Comand` in module `console` && cannot find trait `ComandHandler` in module `console`
    fn hello(&self, _word: &str, _name: &str) -> Status {
        Status::OK
    }
}

fn main() {}
