//! Never ends: by itself, or (argument 1) by way of system calls.
#![cfg_attr(target_os = "none", no_std, no_main)]

use spindle_abi::system_call::NULL;
use spindle_programs::{Status, system_call};

fn run([calls, ..]: [u64; 3]) -> Status {
    loop {
        if calls == 0 {
            core::hint::spin_loop();
        } else {
            system_call(NULL, [0; 6]);
        }
    }
}

spindle_programs::program!(run);
