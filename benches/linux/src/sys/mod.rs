//! What the standard library does not offer: time stamps, a null procedure, raw system calls, one port.

pub(crate) mod bpf;

use std::arch::{asm, global_asm, naked_asm};
use std::io;

use crate::error::Error;

/// Bytes of a page.
const PAGE: usize = 4096;

/// Numbers of system calls on x86_64.
mod number {
    pub(super) const GETPPID: u64 = 110;
    pub(super) const REBOOT: u64 = 169;
    pub(super) const IOPERM: u64 = 173;
    pub(super) const BPF: u64 = 321;
}

/// The time stamp counter, read after everything before and before everything after.
#[inline]
pub(crate) fn cycles() -> u64 {
    let (low, high): (u32, u32);
    // SAFETY: the fences and the counter touch no memory.
    unsafe {
        asm!("lfence", "rdtsc", "lfence", out("eax") low, out("edx") high, options(nostack, preserves_flags))
    };
    u64::from(high) << 32 | u64::from(low)
}

/// Returns: one instruction, alone on its page, as the null procedure of Spindle's kernel is.
#[unsafe(naked)]
pub(crate) extern "C" fn null() {
    naked_asm!(".balign 4096", "ret", ".balign 4096");
}

/// Asks for the parent's number, which a kernel answers with next to no work.
#[inline(always)]
pub(crate) fn getppid() {
    // SAFETY: the call takes nothing and touches no memory of this process.
    let _parent = unsafe { system_call(number::GETPPID, [0; 4]) };
}

// The loops of INV-LINUX-1 begin a page; nothing else is in their section.
global_asm!(".pushsection spindle_loops, \"ax\", @progbits", ".balign 4096", ".popsection");

unsafe extern "C" {
    /// The first byte of the section; its address is what counts.
    safe static __start_spindle_loops: u8;
    /// The byte behind its last one.
    safe static __stop_spindle_loops: u8;
}

/// Succeeds if INV-LINUX-1 holds.
pub(crate) fn loops_share_a_page() -> Result<(), Error> {
    let (start, end) = (&raw const __start_spindle_loops, &raw const __stop_spindle_loops);
    let is_one_page = start.addr() % PAGE == 0 && end.addr() - start.addr() <= PAGE;
    if is_one_page { Ok(()) } else { Err(Error::LoopsAcrossPages) }
}

/// Writes to a port of the machine; does nothing where this process may not.
pub(crate) fn write_port(port: u16, value: u32) {
    // SAFETY: the call lets this process reach the ports, and touches no memory of it.
    if unsafe { system_call(number::IOPERM, [u64::from(port), 4, 1, 0]) }.is_ok() {
        // SAFETY: the caller's port ends the machine or is none; no port that this program writes reaches memory.
        unsafe {
            asm!("out dx, eax", in("dx") port, in("eax") value, options(nostack, nomem, preserves_flags))
        };
    }
}

/// Switches the machine off; does nothing where this process may not.
pub(crate) fn power_off() {
    const MAGIC: u64 = 0xfee1_dead;
    const MAGIC_2: u64 = 672_274_793;
    const POWER_OFF: u64 = 0x4321_fedc;
    // SAFETY: the call touches no memory of this process. It fails where somebody else is in charge, as it should.
    let _refused = unsafe { system_call(number::REBOOT, [MAGIC, MAGIC_2, POWER_OFF, 0]) };
}

/// Calls the system.
///
/// # Safety
/// What the call reads and writes at the addresses among its arguments must be the caller's.
#[inline(always)]
unsafe fn system_call(number: u64, [first, second, third, fourth]: [u64; 4]) -> io::Result<u64> {
    let result: i64;
    // SAFETY: a system call changes rax, rcx and r11, and the memory that the caller vouches for.
    unsafe {
        asm!("syscall", inlateout("rax") number => result, in("rdi") first, in("rsi") second, in("rdx") third,
            in("r10") fourth, lateout("rcx") _, lateout("r11") _, options(nostack))
    };
    u64::try_from(result).map_err(|_| io::Error::from_raw_os_error(-result as i32))
}
