//! The interrupt descriptor table and the code that every exception and interrupt enters through.
//!
//! ```text
//!  gate ─> stub[vector]  pushes what makes all frames alike: error code (or 0), vector
//!             └> common   clears the direction flag, pushes the registers
//!                  ├ from ring 3: user::trap_entry; nothing of the program's decides where the frame goes
//!                  ├ #PF: settle() may move the frame to the interrupted strand's stack
//!                  └> dispatch(&mut TrapFrame), then everything is popped again and iretq
//! ```
//!
//! *Invariants*
//! - `INV-ENTRY-1`: all gates are interrupt gates: handlers start with interrupts off.
//! - `INV-ENTRY-2`: the kernel and its extensions are built without a red zone (the targets' default), so
//!   the bytes below an interrupted stack pointer are free.

use super::frame::{CODE_SEGMENT_OFFSET, TrapFrame, VECTOR_OFFSET};
use super::names::WITH_ERROR_CODE;
use crate::cpu;
use crate::descriptors::InterruptStack;
use core::arch::naked_asm;
use core::cell::UnsafeCell;
use core::mem::size_of;
use x86_64::VirtAddr;
use x86_64::instructions::segmentation::{CS, Segment};
use x86_64::instructions::tables::lidt;
use x86_64::structures::DescriptorTablePointer;

const VECTORS: usize = 256;
/// Bytes from one stub to the next; a stub takes at most 15.
const STUB_BYTES: usize = 16;
const PAGE_FAULT: u64 = 14;
/// What a page fault's handler must find free on the strand's stack to move there.
const SETTLE_RESERVE_BYTES: u64 = 16 * 1024;

/// One entry of the table, as the processor reads it.
#[repr(C)]
#[derive(Clone, Copy)]
struct Gate {
    offset_low: u16,
    selector: u16,
    stack: u8,
    attributes: u8,
    offset_middle: u16,
    offset_high: u32,
    reserved: u32,
}

const _: () = assert!(size_of::<Gate>() == 16);

impl Gate {
    const MISSING: Self = Self {
        offset_low: 0,
        selector: 0,
        stack: 0,
        attributes: 0,
        offset_middle: 0,
        offset_high: 0,
        reserved: 0,
    };
    /// Present, privilege level 0, 64-bit interrupt gate.
    const INTERRUPT: u8 = 0x8e;

    fn new(address: u64, selector: u16, stack: Option<InterruptStack>) -> Self {
        Self {
            offset_low: address as u16,
            selector,
            stack: stack.map_or(0, |stack| stack as u8),
            attributes: Self::INTERRUPT,
            offset_middle: (address >> 16) as u16,
            offset_high: (address >> 32) as u32,
            reserved: 0,
        }
    }
}

#[repr(C, align(16))]
struct Table(UnsafeCell<[Gate; VECTORS]>);

// SAFETY: written once by `start`, before any other code can see it.
unsafe impl Sync for Table {}

static TABLE: Table = Table(UnsafeCell::new([Gate::MISSING; VECTORS]));

/// Fills the table and loads it; called once, with interrupts off.
pub(crate) fn start() {
    let selector = CS::get_reg().0;
    let gates = core::array::from_fn(|vector| {
        let address = stubs as *const () as u64 + (vector * STUB_BYTES) as u64;
        Gate::new(address, selector, stack_of(vector))
    });
    // SAFETY: called once at boot; nothing else refers to the table yet.
    unsafe { TABLE.0.get().write(gates) };
    let pointer = DescriptorTablePointer {
        limit: (size_of::<[Gate; VECTORS]>() - 1) as u16,
        base: VirtAddr::from_ptr(TABLE.0.get()),
    };
    // SAFETY: every gate leads to a stub, and the table is a static.
    unsafe { lidt(&pointer) };
}

/// Page fault, double fault, NMI and machine check must not trust the interrupted stack; neither may a device's
/// interrupt, which would be lost if the push hit a guard page (docs/adr/0004-interrupt-stacks.md).
fn stack_of(vector: usize) -> Option<InterruptStack> {
    match vector {
        2 => Some(InterruptStack::NonMaskable),
        8 => Some(InterruptStack::DoubleFault),
        14 => Some(InterruptStack::PageFault),
        18 => Some(InterruptStack::MachineCheck),
        32.. => Some(InterruptStack::Device),
        _ => None,
    }
}

/// 256 entry points, `STUB_BYTES` apart.
#[unsafe(naked)]
extern "C" fn stubs() {
    naked_asm!(
        ".balign 16",
        ".set vector, 0",
        ".rept 256",
        "  .balign 16",
        "  .if vector >= 32 || (({with_error_code} >> vector) & 1) == 0",
        "    .byte 0x68",     // push imm32: 0 in place of an error code
        "    .long 0",
        "  .endif",
        "  .byte 0x68",       // push imm32: the vector
        "  .long vector",
        "  jmp {common}",
        "  .set vector, vector + 1",
        ".endr",
        with_error_code = const WITH_ERROR_CODE,
        common = sym common,
    )
}

/// Completes the frame, calls, and returns to what the frame then says.
#[unsafe(naked)]
extern "C" fn common() {
    naked_asm!(
        "cld",
        "push rax",
        "push rbx",
        "push rcx",
        "push rdx",
        "push rsi",
        "push rdi",
        "push rbp",
        "push r8",
        "push r9",
        "push r10",
        "push r11",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "mov rdi, rsp",
        "test byte ptr [rsp + {code_segment}], 3",
        "jnz {trap_entry}",
        "cmp qword ptr [rsp + {vector}], {page_fault}",
        "jne 2f",
        "call {settle}",
        "mov rsp, rax",
        "mov rdi, rax",
        "2:",
        "call {dispatch}",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop r11",
        "pop r10",
        "pop r9",
        "pop r8",
        "pop rbp",
        "pop rdi",
        "pop rsi",
        "pop rdx",
        "pop rcx",
        "pop rbx",
        "pop rax",
        "add rsp, 16",
        "iretq",
        vector = const VECTOR_OFFSET,
        code_segment = const CODE_SEGMENT_OFFSET,
        trap_entry = sym crate::user::trap_entry,
        page_fault = const PAGE_FAULT,
        settle = sym settle,
        dispatch = sym dispatch,
    )
}

/// Moves a page fault's frame to the stack of the strand that it interrupted, so that the interrupt stack
/// is free for the next one; leaves it where it is if that stack is used up or is not the strand's.
extern "C" fn settle(frame: *const TrapFrame) -> *const TrapFrame {
    // SAFETY: `common` passes the frame that it has just completed.
    let interrupted = unsafe { (*frame).rsp };
    let stack = cpu::current_stack();
    let target = (interrupted & !15).wrapping_sub(size_of::<TrapFrame>() as u64);
    let room_from = stack.start.saturating_add(SETTLE_RESERVE_BYTES);
    if interrupted > stack.end || target < room_from {
        return frame;
    }
    let target = target as *mut TrapFrame;
    // SAFETY: the target lies in the current strand's stack (`set_current_stack`), below the interrupted
    // stack pointer, where nothing lives (INV-ENTRY-2); the frame itself is on the interrupt stack.
    unsafe { target.copy_from_nonoverlapping(frame, 1) };
    target
}

extern "C" fn dispatch(frame: &mut TrapFrame) {
    match super::Exception::from_vector(frame.vector) {
        Some(exception) => {
            if exception.is_of_the_machine() {
                cpu::reclaim_gs();
            }
            super::dispatch::raise(exception, frame);
        }
        None => crate::interrupts::dispatch(frame.vector as u8),
    }
}
