//! Everything that `#[extension]` takes, under the lint that the certifier compiles with.
#![forbid(unsafe_code)]
#![deny(warnings)]

use spindle_sdk::prelude::*;

struct Hello {
    name: Mutex<String>,
}

#[extension]
impl Hello {
    #[start]
    fn start() -> Result<Self, Status> {
        Ok(Self { name: Mutex::new(String::from("nobody")) })
    }

    #[handler(console::Command, word = "hello")]
    fn hello(&self, _word: &str, name: &str) -> Status {
        self.remember(name)
    }

    #[handler(console::Command)]
    fn every_command(&self, _: &str, _: &str) -> Status {
        Status::UNHANDLED
    }

    #[handler(spindle_sdk::interfaces::bench::Measure)]
    fn measure(&self, iterations: u32, samples: &mut [u64]) {
        samples.fill(u64::from(iterations));
    }

    #[stop]
    fn stop(&self) {
        self.remember("nobody");
    }

    /// A method of the author's own.
    fn remember(&self, name: &str) -> Status {
        *self.name.lock() = String::from(name);
        Status::OK
    }
}

fn main() {}
