//! A guard is marked as one.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(console::Command, guard = is_mine)]
    fn hello(&self, _word: &str, _name: &str) -> Status {
        Status::OK
    }

    fn is_mine(&self, _word: &str, _name: &str) -> bool {
        true
    }
}

fn main() {}
