//! A result handler takes the event's result.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[result_handler(console::Command)]
    fn merge(&self, _previous: Status, next: u32) -> Status { //~ found `u32`
        Status::new(next)
    }
}

fn main() {}
