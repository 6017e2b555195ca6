//! Plain data holds no cell.

use spindle_macros::AbiPlain;

use core::cell::Cell;

#[repr(C)]
#[derive(AbiPlain)]
struct Counter { //~ `Counter: Copy` is not satisfied
    count: Cell<u64>, //~ `Cell<u64>` cannot cross a domain boundary
}

impl Clone for Counter {
    fn clone(&self) -> Self {
        Self { count: Cell::new(self.count.get()) }
    }
}

fn main() {}
