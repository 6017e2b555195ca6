//! Makes the system call whose number is the argument; ends with its answer.
#![cfg_attr(target_os = "none", no_std, no_main)]

use spindle_programs::{Status, system_call};

fn run([number, ..]: [u64; 3]) -> Status {
    system_call(number, [0; 6])
}

spindle_programs::program!(run);
