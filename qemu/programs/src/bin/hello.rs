//! Says hello, by way of whoever handles system call 1.
#![cfg_attr(target_os = "none", no_std, no_main)]

use spindle_programs::{Status, write};

fn run(_arguments: [u64; 3]) -> Status {
    u64::from(!write("hello from ring 3"))
}

spindle_programs::program!(run);
