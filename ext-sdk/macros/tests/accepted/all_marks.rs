//! Everything that `#[extension]` takes, under the lint that the certifier compiles with.
#![forbid(unsafe_code)]
#![deny(warnings)]

use spindle_sdk::interfaces::trap::Answer;
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

    #[handler(spindle_sdk::interfaces::bench::Measure, guard = is_short,)]
    fn measure(&self, iterations: u32, samples: &mut [u64]) {
        samples.fill(u64::from(iterations));
    }

    #[handler(bench::Measure, last, guard = is_short)]
    fn measure_again(&self, _iterations: u32, _samples: &mut [u64]) {}

    #[guard]
    fn is_short(&self, iterations: u32, samples: &[u64]) -> bool {
        samples.len() < 100 && iterations < 100
    }

    #[handler(clock::Tick, first, cancel, asynchronous)]
    fn tick(&self, _now_ns: u64) {}

    #[handler(spindle_sdk::interfaces::trap::SystemCall, number = 80..=90)]
    fn system_call(&self, number: u64, _process: u64, _arguments: &[u64; 6]) -> Answer {
        Answer::new(number)
    }

    #[handler(spindle_sdk::interfaces::trap::SystemCall, number = 7)]
    fn seventh_call(&self, _number: u64, process: u64, _arguments: &[u64; 6]) -> Answer {
        Answer::new(process)
    }

    #[default_handler(console::Command)]
    fn unknown(&self, word: &str, _arguments: &str) -> Status {
        self.remember(word)
    }

    #[result_handler(console::Command)]
    fn worse(&self, previous: Status, next: Status) -> Status {
        if previous.is_ok() { next } else { previous }
    }

    #[imposed_guard(console::Command)]
    fn may_run(&self, word: &str, _: &str) -> bool {
        word != "rm"
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
