//! A guard is a method.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(console::Command, guard = is_mine)]
    fn hello(&self, _word: &str, _name: &str) -> Status {
        Status::OK
    }

    #[guard]
    fn is_mine(_word: &str, _name: &str) -> bool {
        true
    }
}

fn main() {}
