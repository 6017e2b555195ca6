//! An extension is one type.

use spindle_sdk::prelude::*;

struct Hello<T>(T);

#[extension]
impl<T> Hello<T> {}

fn main() {}
