//! A null eBPF program: compiled by the kernel, run by it as often as it is told.
//!
//! One sample is one `BPF_PROG_TEST_RUN` with 10 000 runs of a socket filter that returns 0, less the fastest such call
//! with one run, divided by the 9 999 runs between them. So a run is the kernel's loop around the program (an indirect
//! call, a counter, a look at whether to stop or to yield) and the program; the system call, and the packet that it
//! makes up, are not in it.

use crate::Bench;
use crate::error::Error;
use crate::harness::{Samples, Settings};
use crate::sys::bpf::Program;
use crate::sys::cycles;

pub(crate) const BENCHES: &[Bench] =
    &[Bench { id: "P4/ebpf", name: "run of a null eBPF program (BPF_PROG_TEST_RUN)", run }];

/// Runs in one sample.
const RUNS: u32 = 10_000;
/// A sample is a hundred times as long as one of another call, so there are a tenth as many.
const SHARE: usize = 10;
const EMPTY_CALLS: usize = 200;

fn run(settings: &Settings) -> Result<Samples, Error> {
    let program = Program::null()?;
    let single = timed(&program, 1, EMPTY_CALLS)?.into_iter().min().unwrap_or(0);
    let stamps = timed(&program, RUNS, (settings.samples / SHARE).max(1))?;
    Ok(Samples::from_stamps(
        stamps.into_iter().map(|stamps| stamps.saturating_sub(single)).collect(),
        RUNS - 1,
    ))
}

/// Stamps that each of `calls` calls takes.
fn timed(program: &Program, runs: u32, calls: usize) -> Result<Vec<u64>, Error> {
    let timed = |_| {
        let start = cycles();
        program.run(runs)?;
        Ok(cycles() - start)
    };
    (0..calls).map(timed).collect()
}
