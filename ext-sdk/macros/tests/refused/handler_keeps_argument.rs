//! An argument is borrowed until the handler returns, and no longer.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello {
    name: Mutex<&'static str>,
}

#[extension]
impl Hello {
    #[handler(console::Command, word = "hello")]
    fn hello(&self, _word: &str, name: &'static str) -> Status {
        *self.name.lock() = name;
        Status::OK
    }
}

fn main() {}
