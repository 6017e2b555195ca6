//! The null procedure of the benchmarks: one instruction, alone on its page.
//!
//! An emulator chains jumps within a page at a lower cost than jumps that leave it, and what the calls here are
//! compared with (into an extension, out of one) always leaves it. On hardware the place makes no difference.

use core::arch::naked_asm;

/// Returns.
#[unsafe(naked)]
pub extern "C" fn null() {
    naked_asm!(".balign 4096", "ret", ".balign 4096");
}
