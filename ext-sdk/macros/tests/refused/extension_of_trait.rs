//! An extension is the type's own `impl`.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Clone for Hello {
    fn clone(&self) -> Self {
        Self
    }
}

fn main() {}
