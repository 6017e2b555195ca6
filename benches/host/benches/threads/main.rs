//! What happens between threads: asynchronous raises, swaps and changes under load, and Linux's pipes beside them:
//! `cargo bench -p spindle-bench-host --bench threads`.
//!
//! *Concepts*: what criterion cannot do, because it takes two, is sampled here; the figures look the same.

mod changing;
mod pipe;
mod queued;
mod swapping;

use spindle_bench_host::Suite;

fn main() {
    let mut suite = Suite::from_arguments();
    queued::run(&mut suite);
    changing::run(&suite);
    swapping::run(&suite);
    pipe::run(&suite);
}
