//! What belongs to one processor, reached through `gs`, and the control registers it runs with.
//!
//! ```text
//!  gs:[0]   address of this record
//!  gs:[8]   the current strand; it begins with its `crossing::Record`, and only `strands` knows the rest
//!  gs:[16]  lowest address of the current strand's stack
//!  gs:[24]  address just above it
//!  gs:[32]  how many locks are held, whether interrupts were on before the first, whether an interrupt is being handled
//!  gs:[40]  the context of the user program that runs, or ran last
//!  gs:[48]  the stack to come back to when it traps
//!  gs:[56]  its stack pointer, for the length of one instruction
//! ```
//!
//! *Invariants*
//! - `INV-CPU-1`: from `start` on, `gs` holds the address of a `PerCpu` that is never freed, while kernel code runs
//!   (see INV-USER-1 for the instructions that are the exception).
//! - `INV-CPU-2`: only the processor itself writes its record; relaxed atomics are plain moves, and make
//!   the reads of an interrupt handler on the same processor well defined.

use crate::crossing::Record;
use core::arch::asm;
use core::mem::offset_of;
use core::ops::Range;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering::Relaxed};
use x86_64::VirtAddr;
use x86_64::registers::control::{Cr0, Cr0Flags, Cr4, Cr4Flags};
use x86_64::registers::model_specific::{Efer, EferFlags, GsBase};

/// The record of one processor.
#[repr(C)]
#[derive(Debug)]
pub struct PerCpu {
    this: AtomicPtr<PerCpu>,
    strand: AtomicPtr<()>,
    stack_start: AtomicU64,
    stack_end: AtomicU64,
    pub(crate) locks_held: AtomicU32,
    pub(crate) restore_interrupts: AtomicBool,
    pub(crate) is_in_interrupt: AtomicBool,
    user_context: AtomicPtr<()>,
    user_return_stack: AtomicU64,
    user_stack_pointer: AtomicU64,
}

/// Where the code that enters and leaves ring 3 finds its three words.
pub(crate) const USER_CONTEXT_OFFSET: usize = offset_of!(PerCpu, user_context);
pub(crate) const USER_RETURN_STACK_OFFSET: usize = offset_of!(PerCpu, user_return_stack);
pub(crate) const USER_STACK_POINTER_OFFSET: usize = offset_of!(PerCpu, user_stack_pointer);

const _: () = assert!(offset_of!(PerCpu, this) == 0);
const _: () = assert!(offset_of!(PerCpu, strand) == 8);
const _: () = assert!(offset_of!(PerCpu, stack_start) == 16);
const _: () = assert!(offset_of!(PerCpu, stack_end) == 24);
const _: () = assert!(USER_CONTEXT_OFFSET == 40);

impl PerCpu {
    const fn new() -> Self {
        Self {
            this: AtomicPtr::new(core::ptr::null_mut()),
            strand: AtomicPtr::new(core::ptr::null_mut()),
            stack_start: AtomicU64::new(0),
            stack_end: AtomicU64::new(0),
            locks_held: AtomicU32::new(0),
            restore_interrupts: AtomicBool::new(false),
            is_in_interrupt: AtomicBool::new(false),
            user_context: AtomicPtr::new(core::ptr::null_mut()),
            user_return_stack: AtomicU64::new(0),
            user_stack_pointer: AtomicU64::new(0),
        }
    }
}

static BOOT_CPU: PerCpu = PerCpu::new();

/// The record of the processor that runs this.
pub(crate) fn this() -> &'static PerCpu {
    let this: *const PerCpu;
    // SAFETY: reads one word; INV-CPU-1 says that gs:[0] is mapped.
    unsafe { asm!("mov {}, gs:[0]", out(reg) this, options(nostack, preserves_flags, readonly)) };
    // SAFETY: INV-CPU-1: the word is the address of a record that is never freed.
    unsafe { &*this }
}

/// Whether [`this`] may be called: always on bare metal once `start` ran, never on a host.
pub(crate) const HAS_RECORD: bool = cfg!(target_os = "none");

/// The strand that runs on this processor; null before the first one.
#[inline(always)]
pub fn current_strand() -> *mut () {
    let strand: *mut ();
    // SAFETY: reads one word of the record (INV-CPU-1; offset asserted above).
    unsafe { asm!("mov {}, gs:[8]", out(reg) strand, options(nostack, preserves_flags, readonly)) };
    strand
}

/// What the current strand is inside of; `None` before the first strand.
#[inline(always)]
pub fn current_record() -> Option<&'static Record> {
    // SAFETY: `set_current_strand` was given something that begins with a record and stays while it is current; the
    // strand that runs this is itself the current one.
    unsafe { current_strand().cast::<Record>().as_ref() }
}

/// Makes `strand` the current one of this processor.
///
/// # Safety
/// `strand` is null or begins with a [`Record`], is otherwise what every reader of [`current_strand`] takes it for, and
/// stays so until another one is current.
pub unsafe fn set_current_strand(strand: *mut ()) {
    this().strand.store(strand, Relaxed);
}

/// The addresses of the stack that the current strand runs on; empty before [`set_current_stack`].
pub fn current_stack() -> Range<u64> {
    let cpu = this();
    cpu.stack_start.load(Relaxed)..cpu.stack_end.load(Relaxed)
}

/// Says which addresses are the current strand's stack, without its guard area.
///
/// A page fault whose stack pointer lies in there is handled on that stack, any other on an interrupt
/// stack. Whoever switches strands calls this together with [`set_current_strand`].
///
/// # Safety
/// The range is mapped, writable, and used as the stack of the code that runs on this processor from here on, or
/// of what is entered next: the frame of a page fault is copied below the stack pointer in it.
pub unsafe fn set_current_stack(stack: Range<u64>) {
    let cpu = this();
    cpu.stack_start.store(stack.start, Relaxed);
    cpu.stack_end.store(stack.end, Relaxed);
}

/// The context of the user program that runs on this processor, or ran last.
pub(crate) fn user_context() -> *mut () {
    this().user_context.load(Relaxed)
}

/// Makes `gs` the kernel's again, whatever it is: for what may come between two instructions of the way into ring 3
/// or out of it (INV-USER-1).
pub(crate) fn reclaim_gs() {
    GsBase::write(VirtAddr::from_ptr(&raw const BOOT_CPU));
}

/// Points `gs` at the record of the boot processor and sets the protection bits.
pub(crate) fn start() {
    BOOT_CPU.this.store((&raw const BOOT_CPU).cast_mut(), Relaxed);
    GsBase::write(VirtAddr::from_ptr(&raw const BOOT_CPU));
    protect();
}

/// Turns on what W^X rests on: no-execute pages, and write protection for the kernel itself. User pages stay
/// out of the kernel's reach, user programs do not learn where tables lie, and machine checks are reported, where the
/// processor can do that. Floating point and vector registers are for nobody (INV-USER-4).
fn protect() {
    // SAFETY: NXE only gives a meaning to a bit that the boot loader's tables already use so.
    unsafe { Efer::update(|efer| efer.insert(EferFlags::NO_EXECUTE_ENABLE)) };
    // SAFETY: both take rights away; nothing in the kernel writes to a read-only page, or calculates in floating point.
    unsafe { Cr0::update(|cr0| cr0.insert(Cr0Flags::WRITE_PROTECT | Cr0Flags::TASK_SWITCHED)) };
    let basic = core::arch::x86_64::__cpuid(1).edx;
    let extended = core::arch::x86_64::__cpuid_count(7, 0);
    let mut wanted = Cr4Flags::empty();
    for (features, bit, flag) in [
        (basic, 7, Cr4Flags::MACHINE_CHECK_EXCEPTION),
        // With it vector instructions ask CR0.TS, as all others do; without it they would be invalid.
        (basic, 24, Cr4Flags::OSFXSR),
        (extended.ebx, 7, Cr4Flags::SUPERVISOR_MODE_EXECUTION_PROTECTION),
        (extended.ebx, 20, Cr4Flags::SUPERVISOR_MODE_ACCESS_PREVENTION),
        (extended.ecx, 2, Cr4Flags::USER_MODE_INSTRUCTION_PREVENTION),
    ] {
        if features & (1 << bit) != 0 {
            wanted.insert(flag);
        }
    }
    // SAFETY: these take rights away, or turn what would stop the processor into an exception.
    unsafe { Cr4::update(|cr4| cr4.insert(wanted)) };
    // SAFETY: takes from user programs what the kernel does not use either.
    unsafe { Cr4::update(|cr4| cr4.remove(Cr4Flags::FSGSBASE | Cr4Flags::OSXSAVE)) };
}

/// Stops this processor for good, with interrupts off.
pub fn halt_forever() -> ! {
    loop {
        x86_64::instructions::interrupts::disable();
        x86_64::instructions::hlt();
    }
}

/// Continues in `entry` on the stack that ends at `top`; nothing returns to the old stack.
///
/// # Safety
/// `top` is 16-byte aligned, and below it lies mapped writable memory that nothing else uses, enough for
/// all that `entry` does.
pub unsafe fn continue_on_stack(top: u64, entry: extern "C" fn() -> !) -> ! {
    // SAFETY: the caller vouches for the stack; rbp = 0 ends the chain of frames for a backtrace.
    unsafe {
        asm!(
            "mov rsp, {top}",
            "xor ebp, ebp",
            "call {entry}",
            "ud2",
            top = in(reg) top,
            entry = in(reg) entry,
            options(noreturn)
        )
    }
}
