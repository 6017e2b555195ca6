//! Makes null system calls and times them: the program of the benchmark P5.
//!
//! Arguments: how many samples to take, and how many calls are in one. It ends with the address and the number of its
//! samples, in stamps of the time stamp counter, less the fastest empty batch. The method is that of the kernel's own
//! benchmarks (benches/guest/src/harness.rs).
#![cfg_attr(target_os = "none", no_std, no_main)]

use core::hint::black_box;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
use spindle_abi::system_call::NULL;
use spindle_programs::{Status, cycles, exit, system_call};

/// Most samples that one run takes.
const MAX_SAMPLES: usize = 10_000;
const WARM_UP_BATCHES: u32 = 200;
const EMPTY_BATCHES: u32 = 1_000;

static SAMPLES: [AtomicU64; MAX_SAMPLES] = [const { AtomicU64::new(0) }; MAX_SAMPLES];

fn run([count, calls, _]: [u64; 3]) -> Status {
    let empty = (0..EMPTY_BATCHES).map(|_| batch(calls, || black_box(()))).min().unwrap_or(0);
    for _ in 0..WARM_UP_BATCHES {
        batch(calls, null);
    }
    let samples = &SAMPLES[..MAX_SAMPLES.min(count as usize)];
    for sample in samples {
        sample.store(batch(calls, null).saturating_sub(empty), Relaxed);
    }
    exit(0, [samples.as_ptr() as u64, samples.len() as u64])
}

fn null() {
    system_call(NULL, [0; 6]);
}

/// Stamps that one batch takes.
#[inline(always)]
fn batch(calls: u64, mut body: impl FnMut()) -> u64 {
    let start = cycles();
    for _ in 0..black_box(calls) {
        body();
    }
    cycles() - start
}

spindle_programs::program!(run);
