//! Ways to do what a program may not. Each is stopped by the processor; none returns.

use core::arch::asm;

/// An address where the kernel's image lies.
const KERNEL_IMAGE: u64 = 0xffff_ffff_8000_0000;
/// An address through which the kernel sees all memory.
const WINDOW: u64 = 0xffff_8000_0000_0000;
/// An address that is none.
const NOT_CANONICAL: u64 = 0x1234_5678_1234_5678;

/// Instructions that belong to the kernel.
pub const PRIVILEGED: &[fn() -> !] = &[
    || {
        // SAFETY: faults.
        unsafe { asm!("cli", "ud2", options(noreturn)) }
    },
    || {
        // SAFETY: faults.
        unsafe { asm!("hlt", "ud2", options(noreturn)) }
    },
    || {
        // SAFETY: faults: a program has no ports.
        unsafe { asm!("mov dx, 0x3f8", "mov al, 'x'", "out dx, al", "ud2", options(noreturn)) }
    },
    || {
        // SAFETY: faults.
        unsafe { asm!("mov rax, cr3", "mov cr3, rax", "ud2", options(noreturn)) }
    },
    || {
        // SAFETY: faults.
        unsafe { asm!("mov ecx, 0xc0000082", "rdmsr", "ud2", options(noreturn)) }
    },
    || {
        // SAFETY: faults: the gate of the timer is not for programs.
        unsafe { asm!("int 48", "ud2", options(noreturn)) }
    },
    || {
        // SAFETY: faults: the other system call instruction leads nowhere.
        unsafe { asm!("sysenter", "ud2", options(noreturn)) }
    },
    || {
        // SAFETY: faults: the kernel finds its own record by that base.
        unsafe { asm!("mov eax, 1", "wrgsbase rax", "ud2", options(noreturn)) }
    },
    || {
        // SAFETY: faults: the selector is the kernel's code segment.
        unsafe { asm!("push 8", "lea rax, [rip]", "push rax", "retfq", options(noreturn)) }
    },
];

/// Places where a program has nothing to do.
pub const WILD: &[fn() -> !] = &[
    || {
        // SAFETY: faults: nothing is mapped there.
        unsafe { asm!("mov rax, [0x10]", "ud2", options(noreturn)) }
    },
    || jump(0),
    || jump(NOT_CANONICAL),
    || {
        // SAFETY: faults: the kernel's memory is not for programs; and it must not be for the kernel either, on the way.
        unsafe { asm!("mov rsp, {}", "push rax", "ud2", in(reg) KERNEL_IMAGE, options(noreturn)) }
    },
    || {
        // SAFETY: the kernel must not use this stack pointer when it is called; after that it faults.
        unsafe {
            asm!("mov rsp, {}", "mov eax, 16", "syscall", "push rax", "ud2", in(reg) NOT_CANONICAL, options(noreturn))
        }
    },
    || {
        // SAFETY: as above, with an address of the kernel's.
        unsafe {
            asm!("mov rsp, {}", "mov eax, 16", "syscall", "push rax", "ud2", in(reg) WINDOW + 0x1000, options(noreturn))
        }
    },
    || {
        // SAFETY: after this flag is set, each instruction traps.
        unsafe { asm!("pushfq", "or qword ptr [rsp], 0x100", "popfq", "nop", "ud2", options(noreturn)) }
    },
    || {
        // SAFETY: the same by way of a system call.
        unsafe {
            asm!(
                "pushfq",
                "or qword ptr [rsp], 0x100",
                "mov eax, 16",
                "popfq",
                "syscall",
                "nop",
                "ud2",
                options(noreturn)
            )
        }
    },
    || {
        // SAFETY: divides by zero.
        unsafe { asm!("xor ecx, ecx", "xor edx, edx", "div rcx", "ud2", options(noreturn)) }
    },
    || {
        // SAFETY: is not an instruction.
        unsafe { asm!("ud2", options(noreturn)) }
    },
];

/// Ways to reach the kernel's memory.
pub const KERNEL_MEMORY: &[fn() -> !] = &[
    || read(KERNEL_IMAGE),
    || read(WINDOW),
    || write(WINDOW + 0x20_0000),
    || write(KERNEL_IMAGE),
    || jump(KERNEL_IMAGE + 0x1000),
    || read(0xffff_a000_0000_0000),
    || read(0xffff_b000_0000_0000),
];

/// Floating point and vector instructions, of which programs have none.
pub const VECTOR: &[fn() -> !] = &[
    || {
        // SAFETY: faults; were it not to, it changes a register that nobody here uses.
        unsafe { asm!("pxor xmm0, xmm0", "ud2", options(noreturn)) }
    },
    || {
        // SAFETY: as above.
        unsafe { asm!("fld1", "ud2", options(noreturn)) }
    },
    || {
        // SAFETY: as above.
        unsafe { asm!("pxor mm0, mm0", "ud2", options(noreturn)) }
    },
];

/// Executes what is data: an instruction on the stack, or in a table that can be written.
pub fn execute_data(on_stack: bool) -> ! {
    const RETURN: u8 = 0xc3;
    static mut TABLE: [u8; 16] = [RETURN; 16];
    let stack = [RETURN; 16];
    let table = &raw const TABLE;
    jump(if on_stack { stack.as_ptr() as u64 } else { table as u64 })
}

/// Writes to its own code.
pub fn write_code() -> ! {
    write(write_code as *const () as u64)
}

/// Uses up the stack.
pub fn overflow_stack() -> ! {
    deeper(0);
    crate::exit(1, [0, 0])
}

/// Calls itself until the stack's end is reached.
#[inline(never)]
#[allow(unconditional_recursion, reason = "that is what it is for")]
fn deeper(depth: u64) -> u64 {
    let frame = core::hint::black_box([depth; 32]);
    deeper(depth + 1) + frame[31]
}

/// Sets flags that would confuse a kernel, makes a system call, and ends with 0 if they are as they were.
pub fn strange_flags() -> ! {
    let (before, after): (u64, u64);
    // SAFETY: direction, alignment check and nested task mean nothing to the instructions between; then they are cleared.
    unsafe {
        asm!(
            "pushfq",
            "or qword ptr [rsp], 0x44400",
            "popfq",
            "pushfq",
            "pop r12",
            "mov eax, 16",
            "syscall",
            "pushfq",
            "pop r13",
            "push 2",
            "popfq",
            out("r12") before,
            out("r13") after,
            out("rax") _,
            out("rcx") _,
            out("r11") _,
        )
    };
    // What arithmetic leaves does not count.
    crate::exit(u64::from((before ^ after) & !0x8d5 != 0), [before, after])
}

fn jump(address: u64) -> ! {
    // SAFETY: faults.
    unsafe { asm!("jmp {}", in(reg) address, options(noreturn)) }
}

fn read(address: u64) -> ! {
    // SAFETY: faults.
    unsafe { asm!("mov rax, [{}]", "ud2", in(reg) address, options(noreturn)) }
}

fn write(address: u64) -> ! {
    // SAFETY: faults.
    unsafe { asm!("mov qword ptr [{}], 0", "ud2", in(reg) address, options(noreturn)) }
}
