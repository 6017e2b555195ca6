//! User programs: loaded from an executable, run in ring 3 to their end, and taken away.
//!
//! ```text
//!  NAME.elf ─> kerncore::program ─> AddressSpace ─> Process::run
//!             (checked plan)       (pages, stack)     │  ┌─────────────── time over, or ctrl-C: stopped
//!                                                     v  │
//!                                               ring 3 ──┼─ exception ──> stopped
//!                                                ^       ├─ system call 0 ──> ended, with a status
//!                                                │       ├─ interrupt: look at the time, go on
//!                                                └───────┴─ other system call: trap.SystemCall, answer, go on
//! ```
//!
//! *Concepts.* A program runs on the main strand while its command does: one at a time, from its first instruction to its
//! last. Interrupts come all the while, so the clock and the serial lines go on; what the main loop does in between
//! (`clock.Tick` above all) waits until the program is over. Its memory is charged to one owner, `user_programs`.
//!
//! *Invariants.*
//! - `INV-PROCESS-1`: the running process, and no other, has its address space in `memory::RUNNING`.
//! - `INV-PROCESS-2`: whatever a program does ends in one of [`Ended`]; the kernel's own state does not depend on it.
//!
//! *Not here:* what a system call means, which is for the handlers of `trap.SystemCall`; the exception is number 0, which
//! ends the program. How ring 3 is entered: `spindle_arch::user`.

mod handlers;
mod memory;
mod null_calls;
mod process;
mod report;
mod run;

pub(crate) use null_calls::{NullCalls, measure as measure_null_calls};
pub(crate) use process::Process;
pub(crate) use report::{Ended, Report};

/// How long a program may run unless told otherwise, in milliseconds.
pub(crate) const DEFAULT_BUDGET_MS: u64 = 2_000;
