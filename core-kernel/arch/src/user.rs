//! Ring 3: how a user program is entered, and every way back.
//!
//! # Concepts
//! Running a program looks like a call: [`run`] enters it and returns when it traps. So what a trap means is decided by
//! ordinary kernel code on the strand's own stack, with interrupts on, and nothing of the program is on any stack of
//! the kernel.
//!
//! ```text
//!  run(&mut context) ─> enter      saves the kernel's registers, loads the program's
//!                        │ swapgs, then sysretq after a system call, else iretq
//!                        v
//!                     program
//!                        │ syscall            │ exception, or a device's interrupt
//!                        v                    v
//!                  system_call_entry     trap_entry (from exceptions::entry, on an interrupt stack)
//!                        │ swapgs; the program's registers go into the context; interrupts stay off
//!                        └────────> leave <───┘   back to the stack that `enter` was called on
//! Stopped <──────────────────────────┘
//! ```
//!
//! # Cost
//! A null system call is 58 instructions of assembly: 22 in `system_call_entry`, 8 in `leave`, 28 in `enter`. 17 registers
//! are stored and loaded in the context, and the kernel's own six pushed and popped. `run` adds 26, `cli` and `sti`
//! among them; what the caller does with it comes on top.
//!
//! # Interface
//! [`UserContext::new`], then [`run`] again and again while the address space of the program is the active one.
//!
//! # Invariants
//! - `INV-USER-1`: while code of ring 3 runs, `gs` has the program's base, which is 0, and the other one, that `swapgs`
//!   brings, is that of the processor's record. Only three places change that, with interrupts off: `enter`,
//!   `system_call_entry`, `trap_entry`. What comes between (NMI, #MC, #DF) may find either: it is fatal, and
//!   [`crate::cpu::reclaim_gs`] comes first. Nothing else can come: the code there touches only memory that is mapped.
//! - `INV-USER-2`: the context's flags come from [`UserContext::new`] or from the processor in ring 3, where a program can
//!   change neither the interrupt flag nor its privilege. So they can be loaded as they are.
//! - `INV-USER-3`: `rip` is below [`USER_END`] whenever it is loaded: an address that is not canonical would fault in
//!   `sysretq` or `iretq`, with the kernel's privilege and the program's stack pointer.
//! - `INV-USER-4`: a program gets no value of the kernel's in a register: each general register is loaded from the
//!   context, which begins with zeros and then holds the program's own. Selectors are the program's own too, or null.
//!   Floating point and vector registers cannot be used in ring 3 at all: `CR0.TS` is always set, so the first such
//!   instruction is #NM, and neither they nor `fs` and `gs` bases (`CR4.FSGSBASE` is off) need saving.
//!
//! # Not here
//! Leaks through caches and predictors: the kernel stays mapped, inaccessible, while a program runs.

use crate::cpu;
use crate::descriptors::{KERNEL_CODE, KERNEL_DATA, USER_CODE, USER_DATA};
use crate::exceptions::{Exception, Fault, TrapFrame};
use crate::interrupts;
use crate::layout::USER_END;
use core::arch::naked_asm;
use core::mem::offset_of;
use x86_64::VirtAddr;
use x86_64::registers::control::{Cr2, Efer, EferFlags};
use x86_64::registers::model_specific::{KernelGsBase, LStar, Msr, SFMask, Star};
use x86_64::registers::rflags::RFlags;

/// Registers of a user program, and how it stopped.
#[repr(C)]
#[derive(Clone, Debug)]
pub struct UserContext {
    rax: u64,
    /// rdi, rsi, rdx, r10, r8, r9: what system calls take.
    arguments: [u64; 6],
    rbx: u64,
    rbp: u64,
    r12: u64,
    r13: u64,
    r14: u64,
    r15: u64,
    rcx: u64,
    r11: u64,
    rip: u64,
    rflags: u64,
    rsp: u64,
    /// The vector that the program was left by, or [`SYSTEM_CALL`].
    vector: u64,
    error_code: u64,
    fault_address: u64,
}

/// Stands where a vector does, above all of them.
const SYSTEM_CALL: u64 = 256;
/// Stands where a vector does: not yet entered.
const FRESH: u64 = 257;
/// Interrupts on, and the bit that is always set.
const FIRST_FLAGS: u64 = 0x202;
/// Set on entry, these would change how kernel code runs. `AC` would let it reach user pages.
const CLEARED_ON_ENTRY: RFlags = RFlags::TRAP_FLAG
    .union(RFlags::INTERRUPT_FLAG)
    .union(RFlags::DIRECTION_FLAG)
    .union(RFlags::IOPL_LOW)
    .union(RFlags::IOPL_HIGH)
    .union(RFlags::NESTED_TASK)
    .union(RFlags::ALIGNMENT_CHECK);
/// The code segment of the other system call instruction, `sysenter`; null has it fault.
const SYSENTER_CODE: u32 = 0x174;

/// Why a program is not running.
#[derive(Clone, Copy, Debug)]
pub enum Stopped {
    /// It made a system call; see [`UserContext::number`], [`UserContext::set_result`].
    SystemCall,
    /// An interrupt of a device came and was served. Nothing is the matter with the program.
    Interrupt,
    /// It raised an exception. Running it again would raise the same.
    Exception(Fault),
}

impl UserContext {
    /// A program about to start at `entry`, with the stack pointer `stack`, `arguments` in rdi, rsi and rdx, and zero in
    /// every other register.
    pub const fn new(entry: u64, stack: u64, arguments: [u64; 3]) -> Self {
        let [first, second, third] = arguments;
        Self {
            rax: 0,
            arguments: [first, second, third, 0, 0, 0],
            rbx: 0,
            rbp: 0,
            r12: 0,
            r13: 0,
            r14: 0,
            r15: 0,
            rcx: 0,
            r11: 0,
            rip: entry,
            rflags: FIRST_FLAGS,
            rsp: stack,
            vector: FRESH,
            error_code: 0,
            fault_address: 0,
        }
    }

    /// The number of the system call that was made.
    pub const fn number(&self) -> u64 {
        self.rax
    }

    /// The arguments of the system call that was made: rdi, rsi, rdx, r10, r8, r9.
    pub const fn arguments(&self) -> &[u64; 6] {
        &self.arguments
    }

    /// Answers the system call that was made.
    pub const fn set_result(&mut self, result: u64) {
        self.rax = result;
    }

    /// The instruction that it goes on with, or that raised an exception.
    pub const fn rip(&self) -> u64 {
        self.rip
    }

    /// Its stack pointer.
    pub const fn rsp(&self) -> u64 {
        self.rsp
    }

    fn stopped(&self) -> Stopped {
        match Exception::from_vector(self.vector) {
            Some(exception) => {
                let address = (exception == Exception::PAGE_FAULT).then_some(self.fault_address);
                Stopped::Exception(Fault { exception, error_code: self.error_code, address })
            }
            None if self.vector == SYSTEM_CALL => Stopped::SystemCall,
            None => Stopped::Interrupt,
        }
    }

    /// Takes over what entry code saved of the program.
    fn keep(&mut self, frame: &TrapFrame, fault_address: u64) {
        let TrapFrame { r15, r14, r13, r12, r11, rbp, rcx, rbx, rax, rip, rflags, rsp, .. } = *frame;
        let arguments = [frame.rdi, frame.rsi, frame.rdx, frame.r10, frame.r8, frame.r9];
        let (vector, error_code) = (frame.vector, frame.error_code);
        *self = Self {
            rax,
            arguments,
            rbx,
            rbp,
            r12,
            r13,
            r14,
            r15,
            rcx,
            r11,
            rip,
            rflags,
            rsp,
            vector,
            error_code,
            fault_address,
        };
    }
}

/// Lets ring 3 in: `syscall` enters here, and nothing of it reaches what it should not.
pub(crate) fn start() {
    let entry = VirtAddr::from_ptr(system_call_entry as *const ());
    Star::write(USER_CODE, USER_DATA, KERNEL_CODE, KERNEL_DATA).expect("the table is in sysretq's order");
    LStar::write(entry);
    SFMask::write(CLEARED_ON_ENTRY);
    KernelGsBase::write(VirtAddr::zero());
    // SAFETY: with a null selector, `sysenter` faults.
    unsafe { Msr::new(SYSENTER_CODE).write(0) };
    // SAFETY: the entry point and the segments have been set.
    unsafe { Efer::update(|efer| efer.insert(EferFlags::SYSTEM_CALL_EXTENSIONS)) };
}

/// Runs the program until it traps.
///
/// Whoever calls this again and again without looking at the time lets the program run for ever. Interrupts are on
/// afterwards; the tables of the program's address space must be the active ones, or it faults at once.
pub fn run(context: &mut UserContext) -> Stopped {
    if context.rip >= USER_END {
        let exception = Exception::GENERAL_PROTECTION;
        return Stopped::Exception(Fault { exception, error_code: 0, address: None });
    }
    interrupts::disable();
    // SAFETY: interrupts are off; `rip` is canonical (INV-USER-3) and the flags are those of a program (INV-USER-2).
    unsafe { enter(context) };
    interrupts::enable();
    context.stopped()
}

/// Continues in ring 3; returns when [`leave`] is reached.
///
/// # Safety
/// Interrupts are off, and the context can be loaded (INV-USER-2, INV-USER-3).
#[unsafe(naked)]
unsafe extern "C" fn enter(context: *mut UserContext) {
    naked_asm!(
        "push rbp",
        "push rbx",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "mov gs:[{cpu_context}], rdi",
        "mov gs:[{cpu_stack}], rsp",
        "mov rax, [rdi + {rax}]",
        "mov rsi, [rdi + {arguments} + 8]",
        "mov rdx, [rdi + {arguments} + 16]",
        "mov r10, [rdi + {arguments} + 24]",
        "mov r8,  [rdi + {arguments} + 32]",
        "mov r9,  [rdi + {arguments} + 40]",
        "mov rbx, [rdi + {rbx}]",
        "mov rbp, [rdi + {rbp}]",
        "mov r12, [rdi + {r12}]",
        "mov r13, [rdi + {r13}]",
        "mov r14, [rdi + {r14}]",
        "mov r15, [rdi + {r15}]",
        "cmp qword ptr [rdi + {vector}], {system_call}",
        "jne 2f",
        // After a system call rcx and r11 hold what the instruction put there.
        "mov rcx, [rdi + {rip}]",
        "mov r11, [rdi + {rflags}]",
        "mov rsp, [rdi + {rsp}]",
        "mov rdi, [rdi + {arguments}]",
        "swapgs",
        "sysretq",
        "2:",
        "push {user_data}",
        "push qword ptr [rdi + {rsp}]",
        "push qword ptr [rdi + {rflags}]",
        "push {user_code}",
        "push qword ptr [rdi + {rip}]",
        "mov rcx, [rdi + {rcx}]",
        "mov r11, [rdi + {r11}]",
        "mov rdi, [rdi + {arguments}]",
        "swapgs",
        "iretq",
        cpu_context = const cpu::USER_CONTEXT_OFFSET,
        cpu_stack = const cpu::USER_RETURN_STACK_OFFSET,
        rax = const offset_of!(UserContext, rax),
        arguments = const offset_of!(UserContext, arguments),
        rbx = const offset_of!(UserContext, rbx),
        rbp = const offset_of!(UserContext, rbp),
        r12 = const offset_of!(UserContext, r12),
        r13 = const offset_of!(UserContext, r13),
        r14 = const offset_of!(UserContext, r14),
        r15 = const offset_of!(UserContext, r15),
        rcx = const offset_of!(UserContext, rcx),
        r11 = const offset_of!(UserContext, r11),
        rip = const offset_of!(UserContext, rip),
        rflags = const offset_of!(UserContext, rflags),
        rsp = const offset_of!(UserContext, rsp),
        vector = const offset_of!(UserContext, vector),
        system_call = const SYSTEM_CALL,
        user_code = const USER_CODE.0,
        user_data = const USER_DATA.0,
    )
}

/// Where the instruction `syscall` enters: the program's stack pointer, its rip in rcx, its flags in r11. The context
/// is reached through rsp, the only register that can be had; interrupts are off, and nothing is pushed on it.
#[unsafe(naked)]
extern "C" fn system_call_entry() {
    naked_asm!(
        "swapgs",
        "mov gs:[{cpu_rsp}], rsp",
        "mov rsp, gs:[{cpu_context}]",
        "mov [rsp + {rax}], rax",
        "mov [rsp + {arguments}], rdi",
        "mov [rsp + {arguments} + 8], rsi",
        "mov [rsp + {arguments} + 16], rdx",
        "mov [rsp + {arguments} + 24], r10",
        "mov [rsp + {arguments} + 32], r8",
        "mov [rsp + {arguments} + 40], r9",
        "mov [rsp + {rbx}], rbx",
        "mov [rsp + {rbp}], rbp",
        "mov [rsp + {r12}], r12",
        "mov [rsp + {r13}], r13",
        "mov [rsp + {r14}], r14",
        "mov [rsp + {r15}], r15",
        "mov [rsp + {rip}], rcx",
        "mov [rsp + {rflags}], r11",
        "mov rax, gs:[{cpu_rsp}]",
        "mov [rsp + {rsp}], rax",
        "mov qword ptr [rsp + {vector}], {system_call}",
        "jmp {leave}",
        cpu_rsp = const cpu::USER_STACK_POINTER_OFFSET,
        cpu_context = const cpu::USER_CONTEXT_OFFSET,
        rax = const offset_of!(UserContext, rax),
        arguments = const offset_of!(UserContext, arguments),
        rbx = const offset_of!(UserContext, rbx),
        rbp = const offset_of!(UserContext, rbp),
        r12 = const offset_of!(UserContext, r12),
        r13 = const offset_of!(UserContext, r13),
        r14 = const offset_of!(UserContext, r14),
        r15 = const offset_of!(UserContext, r15),
        rip = const offset_of!(UserContext, rip),
        rflags = const offset_of!(UserContext, rflags),
        rsp = const offset_of!(UserContext, rsp),
        vector = const offset_of!(UserContext, vector),
        system_call = const SYSTEM_CALL,
        leave = sym leave,
    )
}

/// Where entry code goes on after a gate that ring 3 went through: rdi and rsp are the frame, on an interrupt stack.
/// A gate leaves the flags that `syscall` clears: what is popped is none of them.
#[unsafe(naked)]
pub(crate) extern "C" fn trap_entry(frame: &TrapFrame) {
    naked_asm!(
        "swapgs",
        "push 2",
        "popfq",
        "call {on_trap}",
        "jmp {leave}",
        on_trap = sym on_trap,
        leave = sym leave,
    )
}

/// Returns from [`enter`]; whatever stack this is reached on has nothing left to say.
#[unsafe(naked)]
extern "C" fn leave() {
    naked_asm!(
        "mov rsp, gs:[{cpu_stack}]",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
        cpu_stack = const cpu::USER_RETURN_STACK_OFFSET,
    )
}

/// Serves an interrupt, or keeps what is to be known of an exception.
extern "C" fn on_trap(frame: &mut TrapFrame) {
    let fault_address = Cr2::read_raw();
    match Exception::from_vector(frame.vector) {
        None => interrupts::dispatch(frame.vector as u8),
        // Not the program's doing, whatever it was doing.
        Some(exception) if exception.is_of_the_machine() => {
            crate::exceptions::raise(exception, frame);
        }
        Some(_) => {}
    }
    let context = cpu::user_context().cast::<UserContext>();
    // SAFETY: `enter` put the context of the program there that has just been left; its caller waits for `leave`.
    unsafe { &mut *context }.keep(frame, fault_address);
}
