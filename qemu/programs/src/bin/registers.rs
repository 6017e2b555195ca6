//! Ends with 0 if no register tells it anything of the kernel; see `spindle_programs::registers`.
#![cfg_attr(target_os = "none", no_std, no_main)]

/// The kernel enters here; nothing may come before the check.
#[cfg(target_os = "none")]
#[unsafe(naked)]
#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    core::arch::naked_asm!("jmp {check}", check = sym spindle_programs::registers::check)
}

#[cfg(not(target_os = "none"))]
fn main() {}
