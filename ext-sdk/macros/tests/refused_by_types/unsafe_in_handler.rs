//! The macros do not carry the author's `unsafe` past the lint that the certifier compiles with.
#![forbid(unsafe_code)]

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(clock::Tick)]
    fn tick(&self, now_ns: u64) {
        unsafe { (now_ns as *mut u64).write(0) } //~ usage of an `unsafe` block
    }
}

fn main() {}
