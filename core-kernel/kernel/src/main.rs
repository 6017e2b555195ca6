//! The kernel binary: entry point and boot order.
//!
//! ```text
//!  boot loader                                   (its stack, interrupts off)
//!   └ enter         arch::start                  own tables, W^X bits, serial line, clock
//!      ├ reports    from here on every panic and exception is reported
//!      ├ log        levels from the host's configuration
//!      ├ boot       memory map -> mem::start     frames, kernel heap; image and ramdisk remembered
//!      ├ stacks     interrupt stacks and the main strand's stack, each above a guard area
//!      └ main_strand                             (its own stack)
//!         ├ events       the kernel's own handlers, and who else may bind
//!         ├ interrupts on: tick, serial input
//!         └ main_loop::run                       console and control channel, or script; never returns
//! ```
//!
//! On a host this is an empty program, so that `cargo clippy --workspace` sees all of it.
#![cfg_attr(target_os = "none", no_std, no_main)]
#![cfg_attr(not(target_os = "none"), allow(dead_code, reason = "a host calls nothing of this"))]

extern crate alloc;

use alloc::boxed::Box;
use spindle_strands::Strand;

mod backtrace;
mod boot;
mod console;
mod control;
mod events;
mod logging;
mod main_loop;
mod ramdisk;
mod recent;
mod reports;
mod script;
mod stacks;
mod user;

#[cfg(not(target_os = "none"))]
fn main() {}

#[cfg(target_os = "none")]
bootloader_api::entry_point!(enter, config = &boot::CONFIG);

/// Where the boot loader enters, with its page tables, on its stack, with interrupts off.
fn enter(info: &'static mut bootloader_api::BootInfo) -> ! {
    spindle_arch::start();
    reports::start();
    logging::start();
    boot::take_over(info);
    stacks::leave_loader_stack(main_strand)
}

/// The first strand: starts what needs interrupts, then serves the console for as long as the machine runs.
extern "C" fn main_strand() -> ! {
    adopt_main_strand();
    spindle_domain::start_fault_handling();
    events::start();
    spindle_arch::start_interrupts(events::on_timer);
    spindle_arch::interrupts::enable();
    boot::report();
    main_loop::run()
}

/// Gives the main strand its record: from here on it can raise events and be recovered from faults in extensions.
fn adopt_main_strand() {
    let stack = spindle_arch::cpu::current_stack();
    let strand = Box::leak(Box::new(Strand::new(stack.start, stack.end)));
    // SAFETY: the record has just been made, of the stack that `main_strand` was entered on.
    unsafe { spindle_strands::adopt(strand) };
}
