//! Time: the time stamp counter, calibrated once against the programmable interval timer, and ticks.
//!
//! *Invariants*
//! - `INV-TIME-1`: the scale is set before interrupts are first enabled and never changes.
//!
//! Source of the calibration: Intel 8254 data sheet, channel 2 gated by port 61h, as every PC has it.

use crate::port::SafePort;
use core::arch::asm;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Timer interrupts in a second.
pub const TICKS_PER_SECOND: u64 = 100;
/// Nanoseconds from one timer interrupt to the next.
pub const TICK_NS: u64 = 1_000_000_000 / TICKS_PER_SECOND;

/// Input clock of the interval timer, in Hz.
const INTERVAL_HZ: u64 = 1_193_182;
/// How long the calibration measures: 20 ms, in periods of that clock.
const MEASURED_PERIODS: u16 = (INTERVAL_HZ / 50) as u16;
/// Channel 2, both bytes, mode 0 (output rises when the count is over), binary.
const ONE_SHOT: u8 = 0xb0;

// SAFETY: the interval timer and its gate reach neither memory nor the processor's state.
const CHANNEL_2: SafePort = unsafe { SafePort::new(0x42) };
// SAFETY: as above.
const COMMAND: SafePort = unsafe { SafePort::new(0x43) };
// SAFETY: as above: bit 0 gates channel 2, bit 1 the loudspeaker, bit 5 reads the output.
const GATE: SafePort = unsafe { SafePort::new(0x61) };
const OUTPUT_IS_HIGH: u8 = 1 << 5;

static HZ: AtomicU64 = AtomicU64::new(0);
/// Nanoseconds in one cycle, times 2^32.
static NS_PER_CYCLE: AtomicU64 = AtomicU64::new(0);
static STARTED_AT: AtomicU64 = AtomicU64::new(0);
static TICKS: AtomicU64 = AtomicU64::new(0);

/// Notes the start and measures the counter's rate, in about 20 ms.
pub(crate) fn start() {
    STARTED_AT.store(cycles(), Relaxed);
    let hz = measure().max(1);
    HZ.store(hz, Relaxed);
    NS_PER_CYCLE.store(((1_000_000_000u128 << 32) / u128::from(hz)) as u64, Relaxed);
}

/// The time stamp counter, read after everything before and before everything after.
#[inline]
pub fn cycles() -> u64 {
    let (low, high): (u32, u32);
    // SAFETY: the fences and the counter touch no memory.
    unsafe {
        asm!("lfence", "rdtsc", "lfence", out("eax") low, out("edx") high, options(nostack, preserves_flags))
    };
    u64::from(high) << 32 | u64::from(low)
}

/// Nanoseconds since the kernel's entry point. Exact to the calibration, about 1 in 10 000.
pub fn now_ns() -> u64 {
    at_ns(cycles())
}

/// Nanoseconds since the kernel's entry point when the time stamp counter was `cycles`.
pub fn at_ns(cycles: u64) -> u64 {
    to_ns(cycles.wrapping_sub(STARTED_AT.load(Relaxed)))
}

/// Nanoseconds since the time stamp counter was 0: since power-on, where the firmware left it alone.
pub fn since_power_on_ns() -> u64 {
    to_ns(cycles())
}

/// Length of `cycles` in nanoseconds.
pub fn to_ns(cycles: u64) -> u64 {
    ((u128::from(cycles) * u128::from(NS_PER_CYCLE.load(Relaxed))) >> 32) as u64
}

/// Rate of the time stamp counter.
pub fn tsc_hz() -> u64 {
    HZ.load(Relaxed)
}

/// Timer interrupts so far.
pub fn ticks() -> u64 {
    TICKS.load(Relaxed)
}

/// Waits without giving the processor away.
pub fn spin_ns(duration_ns: u64) {
    let from = now_ns();
    while now_ns() - from < duration_ns {
        core::hint::spin_loop();
    }
}

/// Counts one timer interrupt; to be called in it, once.
pub fn count_tick() {
    TICKS.fetch_add(1, Relaxed);
}

fn measure() -> u64 {
    let gate = GATE.read() & !0b11;
    GATE.write(gate);
    COMMAND.write(ONE_SHOT);
    CHANNEL_2.write(MEASURED_PERIODS as u8);
    CHANNEL_2.write((MEASURED_PERIODS >> 8) as u8);
    GATE.write(gate | 1);
    let from = cycles();
    while GATE.read() & OUTPUT_IS_HIGH == 0 {}
    let passed = cycles() - from;
    GATE.write(gate);
    (u128::from(passed) * u128::from(INTERVAL_HZ) / u128::from(MEASURED_PERIODS)) as u64
}
