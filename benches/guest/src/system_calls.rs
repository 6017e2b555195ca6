//! Null system calls of a user program, handled by the kernel, or by an extension of either kind.
//!
//! The program `null` takes the samples itself, in ring 3, with the same batches and the same empty loop subtracted. What
//! is timed is the whole way: `syscall`, the registers saved, interrupts on, the raise of `trap.SystemCall` with its one
//! handler, interrupts off, the registers loaded, `sysretq`. By the disassembly that is 131 instructions of the kernel's for
//! `P5/kernel`: entry and exit 58 (`spindle_arch::user`), entering and leaving `run` 26, the kernel's loop 30, the raise 14,
//! the handler 3. Five of them change the ring or its state: twice `swapgs`, `sti`, `cli`, `sysretq`. No table is switched,
//! and nothing is copied but registers.

use crate::extensions::with_extension;
use crate::harness::Samples;
use crate::{Bench, BenchError, Settings};
use spindle_bench_method::BATCH;
use spindle_dispatcher::{install, uninstall};
use spindle_strands::AllStrands;

pub(crate) const BENCHES: &[Bench] = &[
    Bench { id: "P5/kernel", name: "null system call, handled by the kernel", run: kernel },
    Bench { id: "P5/native", name: "null system call, handled by a native extension", run: native },
    Bench { id: "P5/wasm", name: "null system call, handled by a Wasm extension", run: wasm },
];

const SYSTEM_CALL: &str = "trap.SystemCall";
const NATIVE: &str = "nullcall";
const WASM: &str = "nullcall.wasm";

fn kernel(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    let event = spindle_domain::event(SYSTEM_CALL).ok_or(BenchError::Program)?;
    let installed = install(event, (settings.system_call_handler)()).map_err(BenchError::Install)?;
    let samples = from_ring_3(settings);
    let ticket = uninstall(installed).map_err(|(_, error)| BenchError::Install(error))?;
    ticket.wait(&AllStrands).expect("benchmarks run outside any raise");
    samples
}

fn native(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    with_extension(settings, NATIVE, spindle_domain::load, || from_ring_3(settings))
}

fn wasm(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    with_extension(settings, WASM, spindle_domain::load, || from_ring_3(settings))
}

fn from_ring_3(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    let stamps = (settings.null_system_calls)(settings.samples, BATCH).ok_or(BenchError::Program)?;
    Ok(Samples::from_stamps(stamps, BATCH))
}
