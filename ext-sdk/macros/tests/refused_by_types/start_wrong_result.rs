//! `#[start]` returns the state, or why there is none.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[start]
    fn start() -> Self { //~ fn() -> Result<Hello, Status>
        Self
    }
}

fn main() {}
