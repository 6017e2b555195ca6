//! A guard is for some handler.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[guard]
    fn is_mine(&self, _word: &str, _name: &str) -> bool {
        true
    }
}

fn main() {}
