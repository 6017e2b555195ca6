//! Makes system calls that nobody knows; ends with the number of those that were answered all the same.
#![cfg_attr(target_os = "none", no_std, no_main)]

use spindle_programs::answer::NO_SUCH_CALL;
use spindle_programs::{Status, system_call};

const UNKNOWN: [u64; 4] = [99, 1 << 40, u64::MAX, 1 << 63];

fn run(_arguments: [u64; 3]) -> Status {
    UNKNOWN.iter().filter(|number| system_call(**number, [0; 6]) != NO_SUCH_CALL).count() as u64
}

spindle_programs::program!(run);
