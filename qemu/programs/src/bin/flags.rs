//! Makes a system call with flags set that the kernel must not run with.
#![cfg_attr(target_os = "none", no_std, no_main)]

use spindle_programs::Status;
use spindle_programs::faults::strange_flags;

fn run(_arguments: [u64; 3]) -> Status {
    strange_flags()
}

spindle_programs::program!(run);
