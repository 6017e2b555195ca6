//! Measures Linux from inside: the only program of a machine that is booted for that.
//!
//! # Concepts
//! The method is that of the benchmarks in Spindle's kernel (`benches/guest`), and so is the shape of a result: what
//! reads one reads the other.
//!
//! # Interface
//! Started as the first process, the program plays a kernel that runs a script of one command (`spindle_abi::protocol`):
//! it prints one result a line, and ends the machine. Elsewhere it prints the same and exits. With the argument
//! `--icount`, time stamps are instructions; with `echo`, it is the other end of a pipe.
//!
//! # Not here
//! The kernel, the archive that this program is booted from, the table: `qemu/xtask/src/bench`.
#![deny(unsafe_code)]

mod calls;
mod clock;
mod error;
mod filter;
mod harness;
mod machine;
mod pipe;
#[allow(unsafe_code, reason = "what the standard library does not offer: time stamps, raw system calls")]
mod sys;

use std::process::ExitCode;

use spindle_abi::protocol::script;
use spindle_bench_method::Unit;

use error::Error;
use harness::{Samples, Settings};

/// One benchmark.
struct Bench {
    /// Its id and variant.
    id: &'static str,
    /// What is timed, in a few words.
    name: &'static str,
    run: fn(&Settings) -> Result<Samples, Error>,
}

fn main() -> ExitCode {
    let has = |word: &str| std::env::args().skip(1).any(|argument| argument == word);
    if has(pipe::ECHO) {
        return succeed_if(pipe::echo().is_ok());
    }
    let settings = Settings::new(if has("--icount") { Unit::Instructions } else { clock::nanoseconds() });
    println!("{} 0\n{} 0", script::READY, script::BEGIN);
    let succeeded = measure(&settings);
    println!("{} 0 {}", script::END, if succeeded { "ok" } else { "failed" });
    if std::process::id() == 1 {
        machine::end(succeeded);
    }
    succeed_if(succeeded)
}

/// Runs every benchmark; whether each had a result.
fn measure(settings: &Settings) -> bool {
    let benches = [calls::BENCHES, filter::BENCHES, pipe::BENCHES];
    let mut succeeded = true;
    for bench in benches.into_iter().flatten() {
        match (bench.run)(settings) {
            Ok(samples) => println!("{}", samples.measure(bench, settings.unit).json()),
            Err(error) => {
                println!("error: {}: {error}", bench.id);
                succeeded = false;
            }
        }
    }
    succeeded
}

fn succeed_if(succeeded: bool) -> ExitCode {
    if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
