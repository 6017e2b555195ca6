//! A result handler is for results.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[result_handler(clock::Tick)] //~ `clock.Tick` answers nothing: there is no result to handle
    fn merge(&self, _previous: (), _next: ()) {}
}

fn main() {}
