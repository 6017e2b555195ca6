//! A guard is for one event.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(clock::Tick, guard = is_mine)]
    fn tick(&self, _now_ns: u64) {}

    #[handler(console::Command, guard = is_mine)] //~ this guard is for `clock.Tick`, and reads its arguments: write another one for `console.Command`
    fn hello(&self, _word: &str, _name: &str) -> Status {
        Status::OK
    }

    #[guard]
    fn is_mine(&self, _now_ns: u64) -> bool {
        true
    }
}

fn main() {}
