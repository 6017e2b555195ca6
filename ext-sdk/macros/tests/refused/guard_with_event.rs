//! The event of a guard is that of its handlers.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[guard(console::Command)]
    fn is_mine(&self, _word: &str, _name: &str) -> bool {
        true
    }
}

fn main() {}
