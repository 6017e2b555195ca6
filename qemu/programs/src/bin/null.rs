//! Makes null system calls and times them: the program of the benchmark P5.
//!
//! Arguments: how many samples to take, and how many calls are in one. It ends with the address and the number of its
//! samples, in stamps of the time stamp counter, less the fastest empty batch (`spindle_bench_method::sample`).
#![cfg_attr(target_os = "none", no_std, no_main)]

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
use spindle_abi::system_call::NULL;
use spindle_bench_method::{Clock, sample};
use spindle_programs::{Status, cycles, exit, system_call};

/// Most samples that one run takes.
const MAX_SAMPLES: usize = 10_000;

static SAMPLES: [AtomicU64; MAX_SAMPLES] = [const { AtomicU64::new(0) }; MAX_SAMPLES];

/// The time stamp counter between fences.
struct TimeStampCounter;

impl Clock for TimeStampCounter {
    #[inline(always)]
    fn stamp() -> u64 {
        cycles()
    }
}

fn run([count, calls, _]: [u64; 3]) -> Status {
    let samples = &SAMPLES[..MAX_SAMPLES.min(count as usize)];
    let mut free = samples.iter();
    sample::<TimeStampCounter>(samples.len(), calls as u32, null, |stamps| {
        if let Some(sample) = free.next() {
            sample.store(stamps, Relaxed);
        }
    });
    exit(0, [samples.as_ptr() as u64, samples.len() as u64])
}

fn null() {
    system_call(NULL, [0; 6]);
}

spindle_programs::program!(run);
