//! Goes where it has nothing to do; the argument says where.
#![cfg_attr(target_os = "none", no_std, no_main)]

use spindle_programs::Status;
use spindle_programs::faults::WILD;

/// Ends with 1 if there is no such way, and with nothing if there is.
fn run([way, ..]: [u64; 3]) -> Status {
    match WILD.get(way as usize) {
        Some(fault) => fault(),
        None => 1,
    }
}

spindle_programs::program!(run);
