//! Adds the console command `hello NAME`.
#![no_std]

use spindle_sdk::prelude::*;

/// The extension. It keeps no state.
#[derive(Default)]
pub struct Hello;

#[extension]
impl Hello {
    #[handler(console::Command, word = "hello")]
    fn hello(&self, _word: &str, name: &str) -> Status {
        if name.is_empty() {
            println!("usage: hello NAME");
            return Status::FAILED;
        }
        #[cfg(feature = "panic")]
        assert!(name != "panic", "hello was built to panic");
        println!("hello, {name}");
        Status::OK
    }
}
