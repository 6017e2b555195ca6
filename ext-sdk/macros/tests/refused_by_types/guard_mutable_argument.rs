//! A guard reads.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(bench::Measure, guard = is_mine)]
    fn measure(&self, _iterations: u32, _samples: &mut [u64]) {}

    #[guard]
    fn is_mine(&self, _iterations: u32, _samples: &mut [u64]) -> bool { //~ types differ in mutability
        true
    }
}

fn main() {}
