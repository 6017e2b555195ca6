//! The processor's own interrupt controller: virtual wire for the legacy lines, and the timer.
//!
//! Registers are reached through memory, or through MSRs where the firmware left it in x2APIC mode.
//! Source: Intel SDM volume 3, chapter 12.

use crate::layout::WINDOW;
use crate::time;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
use x86_64::registers::model_specific::{ApicBase, ApicBaseFlags, Msr};

const END_OF_INTERRUPT: u32 = 0xb0;
const SPURIOUS_VECTOR: u32 = 0xf0;
const TIMER_ENTRY: u32 = 0x320;
const LINT0_ENTRY: u32 = 0x350;
const LINT1_ENTRY: u32 = 0x360;
const INITIAL_COUNT: u32 = 0x380;
const CURRENT_COUNT: u32 = 0x390;
const DIVIDE: u32 = 0x3e0;

const SOFTWARE_ENABLE: u32 = 1 << 8;
const MASKED: u32 = 1 << 16;
const PERIODIC: u32 = 1 << 17;
const DELIVER_EXTERNAL: u32 = 0x700;
const DELIVER_NON_MASKABLE: u32 = 0x400;
const DIVIDE_BY_16: u32 = 3;
/// Where the registers start among the MSRs in x2APIC mode.
const X2_FIRST: u32 = 0x800;

/// Address of the registers in the window; 0 means x2APIC mode.
static REGISTERS: AtomicU64 = AtomicU64::new(0);

/// Enables the controller and starts the periodic timer on `timer_vector`.
pub(super) fn start(timer_vector: u8, spurious_vector: u8) {
    let (frame, flags) = ApicBase::read();
    let in_memory = !flags.contains(ApicBaseFlags::X2APIC_ENABLE);
    REGISTERS.store(if in_memory { WINDOW + frame.start_address().as_u64() } else { 0 }, Relaxed);
    write(SPURIOUS_VECTOR, SOFTWARE_ENABLE | u32::from(spurious_vector));
    write(LINT0_ENTRY, DELIVER_EXTERNAL);
    write(LINT1_ENTRY, DELIVER_NON_MASKABLE);
    write(DIVIDE, DIVIDE_BY_16);
    write(TIMER_ENTRY, MASKED);
    let per_tick = count_in_one_tick();
    write(TIMER_ENTRY, PERIODIC | u32::from(timer_vector));
    write(INITIAL_COUNT, per_tick);
}

/// Tells the controller that the interrupt in service has been handled.
pub(super) fn end() {
    write(END_OF_INTERRUPT, 0);
}

/// Lets the timer run down for one tick of the calibrated time stamp counter.
fn count_in_one_tick() -> u32 {
    write(INITIAL_COUNT, u32::MAX);
    let from = read(CURRENT_COUNT);
    time::spin_ns(time::TICK_NS);
    let to = read(CURRENT_COUNT);
    write(INITIAL_COUNT, 0);
    (from - to).max(1)
}

fn read(register: u32) -> u32 {
    match REGISTERS.load(Relaxed) {
        // SAFETY: in x2APIC mode every register used here exists as this MSR, and reading has no effect.
        0 => unsafe { Msr::new(X2_FIRST + (register >> 4)).read() as u32 },
        // SAFETY: the register block lies below 4 GiB, so the window maps it (INV-LAYOUT-2).
        base => unsafe { ((base + u64::from(register)) as *const u32).read_volatile() },
    }
}

fn write(register: u32, value: u32) {
    match REGISTERS.load(Relaxed) {
        // SAFETY: as in `read`; the entries written only name vectors whose entry code is ours.
        0 => unsafe { Msr::new(X2_FIRST + (register >> 4)).write(u64::from(value)) },
        // SAFETY: as in `read`, and for the values as above.
        base => unsafe { ((base + u64::from(register)) as *mut u32).write_volatile(value) },
    }
}
