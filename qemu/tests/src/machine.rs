//! The processor and the clock: what the rest of the kernel takes for granted.

use crate::{Outcome, Test, case, check, check_equal};
use spindle_arch::{cpu, fw_cfg, time};
use spindle_mem::paging::translate;

pub(crate) const TESTS: &[Test] = &[
    case!(the_clock_only_goes_forward),
    case!(ticks_and_the_clock_agree),
    case!(a_file_that_the_host_did_not_give_is_none),
    case!(the_strand_runs_on_the_stack_that_it_says),
];

fn the_clock_only_goes_forward() -> Outcome {
    let (mut cycles, mut ns) = (time::cycles(), time::now_ns());
    for _ in 0..10_000 {
        let (next_cycles, next_ns) = (time::cycles(), time::now_ns());
        check!(next_cycles > cycles && next_ns >= ns, "{cycles} -> {next_cycles}, {ns} -> {next_ns}");
        (cycles, ns) = (next_cycles, next_ns);
    }
    check!(time::tsc_hz() > 1_000_000, "{} Hz", time::tsc_hz());
    Ok(())
}

/// The tick comes from one oscillator and the clock from another: 20 ticks are 200 ms. A busy host may delay
/// the guest, so only what no delay can explain is an error.
fn ticks_and_the_clock_agree() -> Outcome {
    let first = time::ticks();
    while time::ticks() == first {}
    let (from, ticks) = (time::now_ns(), time::ticks());
    while time::ticks() < ticks + 20 {}
    let passed_ms = (time::now_ns() - from) / 1_000_000;
    check!((150..2000).contains(&passed_ms), "20 ticks took {passed_ms} ms");
    Ok(())
}

fn a_file_that_the_host_did_not_give_is_none() -> Outcome {
    check_equal!(fw_cfg::read("opt/spindle/there-is-no-such-file", &mut [0; 4]), None);
    Ok(())
}

fn the_strand_runs_on_the_stack_that_it_says() -> Outcome {
    let local = 0u8;
    let here = &raw const local as u64;
    let stack = cpu::current_stack();
    check!(stack.contains(&here), "{here:#x} is not in {stack:x?}");
    check_equal!(translate(stack.start - 1), None);
    Ok(())
}
