//! Global descriptor table and task state segment: a code and a data segment for each of the two privilege levels, and
//! the stacks that the processor switches to by itself.
//!
//! ```text
//!  08 kernel code   10 kernel data   18 user data   20 user code   28 task state segment (two entries)
//!     syscall: STAR[47:32] = 08, data is the next       sysretq: STAR[63:48] = 10, data + 8, code + 16
//! ```
//!
//! *Concepts*: an *interrupt stack* is chosen by the gate (`exceptions::entry`), whatever the interrupted
//! code's stack pointer says; so an exception is reported even when the strand's stack is used up, and an
//! interrupt is never lost to a guard page (a fault while it is delivered would leave it forever in service).
//!
//! *Interface*: `start` loads the tables with one small stack for all; [`set_interrupt_stacks`] gives each
//! use a guarded stack of its own once memory can be had.
//!
//! *Invariants*
//! - `INV-DESC-1`: the tables are written by `start` and `set_interrupt_stacks` only, with interrupts off and
//!   nothing else running.

use core::cell::UnsafeCell;
use x86_64::PrivilegeLevel;
use x86_64::VirtAddr;
use x86_64::instructions::segmentation::{CS, DS, ES, FS, SS, Segment};
use x86_64::instructions::tables::load_tss;
use x86_64::structures::gdt::{Descriptor, GlobalDescriptorTable, SegmentSelector};
use x86_64::structures::tss::TaskStateSegment;

/// The uses of an interrupt stack, in the order of the task state segment's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum InterruptStack {
    /// #PF. The frame moves on to the interrupted strand's stack unless that is used up.
    PageFault = 1,
    /// #DF.
    DoubleFault = 2,
    /// NMI.
    NonMaskable = 3,
    /// #MC.
    MachineCheck = 4,
    /// Every interrupt from a device; they do not nest.
    Device = 5,
}

/// The kernel's code segment.
pub(crate) const KERNEL_CODE: SegmentSelector = SegmentSelector::new(1, PrivilegeLevel::Ring0);
/// The kernel's data segment.
pub(crate) const KERNEL_DATA: SegmentSelector = SegmentSelector::new(2, PrivilegeLevel::Ring0);
/// The data segment of user programs.
pub(crate) const USER_DATA: SegmentSelector = SegmentSelector::new(3, PrivilegeLevel::Ring3);
/// The code segment of user programs.
pub(crate) const USER_CODE: SegmentSelector = SegmentSelector::new(4, PrivilegeLevel::Ring3);

/// How many interrupt stacks there are.
pub const INTERRUPT_STACKS: usize = 5;
/// Bytes of the stack that all of them share until [`set_interrupt_stacks`].
const EARLY_STACK_BYTES: usize = 32 * 1024;

#[repr(C, align(16))]
struct EarlyStack(UnsafeCell<[u8; EARLY_STACK_BYTES]>);

// SAFETY: only the processor writes to it, as a stack; no reference to the bytes is ever made.
unsafe impl Sync for EarlyStack {}

struct Tables {
    task: UnsafeCell<TaskStateSegment>,
    global: UnsafeCell<GlobalDescriptorTable>,
}

// SAFETY: INV-DESC-1: one writer, at boot, while nothing else runs.
unsafe impl Sync for Tables {}

static EARLY_STACK: EarlyStack = EarlyStack(UnsafeCell::new([0; EARLY_STACK_BYTES]));
static TABLES: Tables = Tables {
    task: UnsafeCell::new(TaskStateSegment::new()),
    global: UnsafeCell::new(GlobalDescriptorTable::new()),
};

/// Builds and loads both tables; called once.
pub(crate) fn start() {
    let early_top = EARLY_STACK.0.get() as u64 + EARLY_STACK_BYTES as u64;
    // SAFETY: interrupts are off, and the early stack is a static that nothing else uses. Sharing it is harmless:
    // until there are others, whatever enters on it is reported and never returns.
    unsafe { set_interrupt_stacks([early_top; INTERRUPT_STACKS]) };
    // SAFETY: the address is that of a static; the segment only records it.
    let task = unsafe { Descriptor::tss_segment_unchecked(TABLES.task.get()) };
    // SAFETY: INV-DESC-1; no other reference to the table exists.
    let global = unsafe { &mut *TABLES.global.get() };
    let segments = [
        Descriptor::kernel_code_segment(),
        Descriptor::kernel_data_segment(),
        Descriptor::user_data_segment(),
        Descriptor::user_code_segment(),
    ]
    .map(|segment| global.append(segment));
    assert_eq!(segments, [KERNEL_CODE, KERNEL_DATA, USER_DATA, USER_CODE], "the order that sysretq wants");
    let task = global.append(task);
    // SAFETY: the table is a static and is not changed again.
    unsafe { global.load_unsafe() };
    // SAFETY: a 64-bit code segment of the table just loaded.
    unsafe { CS::set_reg(KERNEL_CODE) };
    // SAFETY: a data segment of that table; likewise the next two.
    unsafe { SS::set_reg(KERNEL_DATA) };
    // SAFETY: as above.
    unsafe { DS::set_reg(KERNEL_DATA) };
    // SAFETY: as above.
    unsafe { ES::set_reg(KERNEL_DATA) };
    // SAFETY: nothing uses fs; this drops the boot loader's selector.
    unsafe { FS::set_reg(KERNEL_DATA) };
    // SAFETY: `task` describes the static task state segment, not yet loaded.
    unsafe { load_tss(task) };
}

/// Gives each use its stack: `tops[use - 1]` is the address just above it, 16-byte aligned.
///
/// # Safety
/// Called at boot, on the boot processor, with interrupts off (INV-DESC-1). Below each address lies memory that stays
/// mapped and that nothing else uses.
pub unsafe fn set_interrupt_stacks(tops: [u64; INTERRUPT_STACKS]) {
    let task = TABLES.task.get();
    // SAFETY: INV-DESC-1; the processor reads the segment only when it delivers an interrupt.
    let from_ring_3 = unsafe { &raw mut (*task).privilege_stack_table }.cast::<VirtAddr>();
    // An exception of a program without a stack of its own and a device's interrupt never come at the same time: what is
    // saved of the program leaves the stack before interrupts are on again.
    // SAFETY: as above; the segment is packed, hence the unaligned write.
    unsafe { from_ring_3.write_unaligned(VirtAddr::new(tops[InterruptStack::Device as usize - 1])) };
    // SAFETY: as above.
    let table = unsafe { &raw mut (*task).interrupt_stack_table };
    for (index, top) in tops.into_iter().enumerate() {
        debug_assert!(top.is_multiple_of(16), "the processor aligns down, the frame layout counts on it");
        // SAFETY: the table has seven entries.
        let entry = unsafe { table.cast::<VirtAddr>().add(index) };
        // SAFETY: INV-DESC-1; the segment is packed, hence the unaligned write.
        unsafe { entry.write_unaligned(VirtAddr::new(top)) };
    }
}
