//! What calls, raises, guards and changes cost on this machine's processor: `cargo bench -p spindle-bench-host`.
//!
//! All in one program and one run, so that figures can be held against each other.

mod beside;
mod calls;
mod changes;
mod guards;
mod raises;
mod wasm;

use spindle_bench_host::Suite;

fn main() {
    let mut suite = Suite::from_arguments();
    calls::run(&mut suite);
    raises::run(&mut suite);
    guards::run(&mut suite);
    changes::run(&mut suite);
    wasm::run(&mut suite);
    beside::run(&mut suite);
}
