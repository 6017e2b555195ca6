//! Assembly, called by its name or taken under another.
#![no_std]

use core::arch::global_asm;
use core::arch::naked_asm as harmless;

global_asm!("hlt");

pub extern "C" fn halt() {
    core::arch::asm!("hlt")
}
