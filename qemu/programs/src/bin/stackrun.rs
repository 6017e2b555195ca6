//! Uses up its stack.
#![cfg_attr(target_os = "none", no_std, no_main)]

use spindle_programs::Status;
use spindle_programs::faults::overflow_stack;

fn run(_arguments: [u64; 3]) -> Status {
    overflow_stack()
}

spindle_programs::program!(run);
