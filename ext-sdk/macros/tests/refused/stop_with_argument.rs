//! `#[stop]` takes `&self` alone.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[stop]
    fn stop(&self, _now_ns: u64) {}
}

fn main() {}
