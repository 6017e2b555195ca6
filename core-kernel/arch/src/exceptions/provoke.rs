//! Exceptions on purpose, for the tests of what the kernel says of them. Compiled in on request only.
//!
//! Each way ends in an exception that nobody resolves, so none returns and no state is left to be unsound.

use core::arch::asm;

/// Each way by name.
pub const WAYS: &[(&str, fn() -> !)] = &[
    ("invalid-opcode", invalid_opcode),
    ("write-to-nowhere", write_to_nowhere),
    ("write-to-code", write_to_code),
    ("execute-data", execute_data),
    ("general-protection", general_protection),
    ("divide-by-zero", divide_by_zero),
    ("stack-overflow", stack_overflow),
    ("double-fault", double_fault),
];

fn invalid_opcode() -> ! {
    // SAFETY: raises #UD.
    unsafe { asm!("ud2", options(noreturn)) }
}

fn write_to_nowhere() -> ! {
    // SAFETY: the lower half is unmapped, so this raises #PF.
    unsafe { asm!("mov qword ptr [0x1000], 1", "ud2", options(noreturn)) }
}

fn write_to_code() -> ! {
    // SAFETY: code is mapped read-only and CR0.WP is set (`cpu::start`), so this raises #PF.
    unsafe { asm!("lea rax, [rip]", "mov qword ptr [rax], 1", "ud2", options(noreturn)) }
}

fn execute_data() -> ! {
    // SAFETY: stacks are mapped no-execute, so this raises #PF.
    unsafe { asm!("jmp rsp", options(noreturn)) }
}

fn general_protection() -> ! {
    // SAFETY: the address is not canonical, so this raises #GP.
    unsafe { asm!("mov rax, 0x1234567812345678", "mov rax, [rax]", "ud2", options(noreturn)) }
}

fn divide_by_zero() -> ! {
    // SAFETY: raises #DE.
    unsafe { asm!("xor ecx, ecx", "xor edx, edx", "div rcx", "ud2", options(noreturn)) }
}

fn stack_overflow() -> ! {
    deeper(0);
    // SAFETY: not reached; raises #UD if it is.
    unsafe { asm!("ud2", options(noreturn)) }
}

/// Calls itself until the guard area is reached.
#[inline(never)]
#[allow(unconditional_recursion, reason = "that is what it is for")]
fn deeper(depth: u64) -> u64 {
    let frame = core::hint::black_box([depth; 32]);
    deeper(depth + 1) + frame[31]
}

fn double_fault() -> ! {
    // SAFETY: with a stack pointer that is not canonical, #SS or #GP cannot be delivered either: #DF.
    unsafe { asm!("mov rsp, 0x1234567812345678", "mov rax, [rsp]", "ud2", options(noreturn)) }
}
