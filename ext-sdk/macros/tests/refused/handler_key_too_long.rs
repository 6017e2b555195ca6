//! A word key has at most 64 bytes.

use spindle_sdk::prelude::*;

#[derive(Default)]
struct Hello;

#[extension]
impl Hello {
    #[handler(console::Command, word = "a-word-of-sixty-five-bytes-is-one-byte-longer-than-a-key-can-be-xx")]
    fn hello(&self, _word: &str, _name: &str) -> Status {
        Status::OK
    }
}

fn main() {}
