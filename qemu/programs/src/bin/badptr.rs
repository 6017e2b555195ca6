//! Asks for output from addresses that are not its own; ends with the number of those that were not refused.
#![cfg_attr(target_os = "none", no_std, no_main)]

use spindle_abi::system_call::WRITE;
use spindle_programs::answer::REFUSED;
use spindle_programs::{Status, system_call};

/// Nothing; the kernel; no address at all; the end of the lower half; around the end of all addresses.
const BAD: [(u64, u64); 9] = [
    (0, 8),
    (0x1_0000, 8),
    (0xffff_ffff_8000_0000, 8),
    (0xffff_8000_0000_0000, 8),
    (0x1234_5678_1234_5678, 8),
    (0x7fff_ffff_fff8, 16),
    (u64::MAX, 8),
    (0x40_0000, u64::MAX),
    (0x40_0000, 1 << 40),
];

fn run(_arguments: [u64; 3]) -> Status {
    let accepted =
        |&(address, length): &(u64, u64)| system_call(WRITE, [1, address, length, 0, 0, 0]) != REFUSED;
    let half = [b'.'; 64];
    let too_long = system_call(WRITE, [1, half.as_ptr() as u64, 1 << 16, 0, 0, 0]) != REFUSED;
    BAD.iter().filter(|bad| accepted(bad)).count() as u64 + u64::from(too_long)
}

spindle_programs::program!(run);
