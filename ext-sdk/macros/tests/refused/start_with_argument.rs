//! `#[start]` takes no arguments.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[start]
    fn start(_now_ns: u64) -> Result<Self, Status> {
        Ok(Self)
    }
}

fn main() {}
