//! The instruction `syscall`, and the calls that have names.

use core::arch::asm;
use spindle_abi::system_call::WRITE;

/// What a system call answers if nobody knows its number.
pub mod answer {
    /// Nobody knows the number.
    pub const NO_SUCH_CALL: u64 = u64::MAX;
    pub use spindle_abi::system_call::REFUSED;
}

/// The stream that is the console.
const CONSOLE: u64 = 1;

/// Makes the system call `number`.
#[inline(always)]
pub fn system_call(number: u64, arguments: [u64; 6]) -> u64 {
    let result;
    // SAFETY: the kernel changes rax, rcx and r11, and of this program's memory what a handler was told to.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number => result,
            in("rdi") arguments[0],
            in("rsi") arguments[1],
            in("rdx") arguments[2],
            in("r10") arguments[3],
            in("r8") arguments[4],
            in("r9") arguments[5],
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        )
    };
    result
}

/// Writes text to the console; whether all of it was written.
pub fn write(text: &str) -> bool {
    let length = text.len() as u64;
    system_call(WRITE, [CONSOLE, text.as_ptr() as u64, length, 0, 0, 0]) == length
}
