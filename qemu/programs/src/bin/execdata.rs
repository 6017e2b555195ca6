//! Executes data: on the stack, or in a table (argument 1); or writes to code (argument 2).
#![cfg_attr(target_os = "none", no_std, no_main)]

use spindle_programs::Status;
use spindle_programs::faults::{execute_data, write_code};

fn run([way, ..]: [u64; 3]) -> Status {
    match way {
        0 => execute_data(true),
        1 => execute_data(false),
        _ => write_code(),
    }
}

spindle_programs::program!(run);
