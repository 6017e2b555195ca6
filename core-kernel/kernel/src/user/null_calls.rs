//! The program `null`, which times its own system calls, and a kernel handler that answers them.

use alloc::vec::Vec;

use spindle_abi::handler::Body;
use spindle_abi::{EventSpec, Invoke};
use spindle_dispatcher::KernelHandler;
use spindle_interfaces::trap::{self, Answer};

use super::{Ended, Process};
use crate::ramdisk;

const PROGRAM: &str = "null";
/// Far more than ten thousand samples take.
const BUDGET_MS: u64 = 120_000;
const STAMP_BYTES: usize = size_of::<u64>();

/// A handler of every system call in the kernel itself: answers 0. For `P5/kernel`, and for tests.
pub(crate) struct NullCalls;

impl trap::SystemCallHandler<()> for NullCalls {
    #[inline(always)]
    fn handle(_state: &(), _number: u64, _process: u64, _arguments: &[u64; 6]) -> Answer {
        Answer::new(0)
    }
}

impl KernelHandler<trap::SystemCall> for NullCalls {
    fn handle(frame: &mut <trap::SystemCall as EventSpec>::Frame<'_>) {
        <Body<Self> as Invoke<trap::SystemCall, ()>>::invoke(&(), frame);
    }
}

/// The stamps that each of `samples` batches of `calls` null system calls took, as the program measured them; `None` if
/// there is no such program, or it did not do that.
pub(crate) fn measure(samples: usize, calls: u32) -> Option<Vec<u64>> {
    let mut stamps = Vec::new();
    stamps.try_reserve_exact(samples).ok()?;
    while stamps.len() < samples {
        let before = stamps.len();
        run_once(samples - before, calls, &mut stamps)?;
        if stamps.len() == before {
            return None;
        }
    }
    Some(stamps)
}

/// Runs the program once, which takes at most `samples`, and adds those that it took.
fn run_once(samples: usize, calls: u32, stamps: &mut Vec<u64>) -> Option<()> {
    let process = Process::load(ramdisk::program(PROGRAM)?, [samples as u64, u64::from(calls), 0]).ok()?;
    let (process, report) = process.run(BUDGET_MS);
    let Ended::Exited { status: 0, rest: [address, taken] } = report.ended else { return None };
    // What a program says is checked, even this one.
    for index in 0..taken.min(samples as u64) {
        let mut stamp = [0; STAMP_BYTES];
        process.read(address.checked_add(index * STAMP_BYTES as u64)?, &mut stamp).ok()?;
        stamps.push(u64::from_le_bytes(stamp));
    }
    Some(())
}
