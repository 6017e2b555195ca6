//! The state is made by `#[start]` or by `Default`.

use spindle_sdk::prelude::*;

struct Hello;

#[extension]
impl Hello { //~ `Hello: Default` is not satisfied
    #[handler(console::Command, word = "hello")]
    fn hello(&self, _word: &str, _name: &str) -> Status {
        Status::OK
    }
}

fn main() {}
