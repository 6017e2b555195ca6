//! Interrupts: on and off, the controllers, and which handler a vector means.
//!
//! ```text
//!  vector   source
//!  32..47   the two legacy interrupt controllers, through the local APIC's LINT0 (virtual wire)
//!  48       local APIC timer
//!  255      local APIC spurious
//! ```
//!
//! *Locking*: handlers run with interrupts off on the device interrupt stack; they take no lock, allocate
//! nothing and log nothing.

mod apic;
mod legacy;

pub use x86_64::instructions::interrupts::{are_enabled, disable, enable, enable_and_hlt as enable_and_halt};

use crate::{control_line, cpu, serial};
use core::sync::atomic::Ordering::Relaxed;
use spin::Once;

const LEGACY_FIRST: u8 = 32;
const LEGACY_LAST: u8 = 47;
const TIMER: u8 = 48;
const SPURIOUS: u8 = 255;
/// The legacy line of COM1.
const SERIAL_LINE: u8 = 4;
/// The legacy line of COM2.
const CONTROL_LINE: u8 = 3;

/// Runs `body` with interrupts off and restores what was before.
pub fn without<R>(body: impl FnOnce() -> R) -> R {
    x86_64::instructions::interrupts::without_interrupts(body)
}

/// What a timer interrupt means; the kernel makes an event of it.
static ON_TIMER: Once<fn()> = Once::new();

/// Sets both controllers up and starts the 100 Hz timer and the serial input; interrupts stay off. `on_timer` is called in
/// each timer interrupt.
pub(crate) fn start(on_timer: fn()) {
    ON_TIMER.call_once(|| on_timer);
    start_serial_input();
    apic::start(TIMER, SPURIOUS);
}

/// The controller sees edges only: a byte that is waiting by now must raise its line after, not before, it is set up.
fn start_serial_input() {
    legacy::start(LEGACY_FIRST, 1 << SERIAL_LINE | 1 << CONTROL_LINE);
    serial::start_receiving();
    control_line::start_receiving();
}

/// Starts the serial input anew while `byte` is waiting in the device, as at boot when someone types early.
#[cfg(feature = "provoke")]
pub fn restart_with_input_waiting(byte: u8) {
    without(|| {
        serial::loop_back(byte);
        start_serial_input();
    });
}

/// Whether the caller runs in an interrupt handler.
pub fn is_in_handler() -> bool {
    cpu::HAS_RECORD && cpu::this().is_in_interrupt.load(Relaxed)
}

/// Called by entry code for every vector from 32 on, with interrupts off: handlers do not nest.
pub(crate) fn dispatch(vector: u8) {
    cpu::this().is_in_interrupt.store(true, Relaxed);
    handle(vector);
    cpu::this().is_in_interrupt.store(false, Relaxed);
}

fn handle(vector: u8) {
    match vector {
        LEGACY_FIRST..=LEGACY_LAST => {
            let line = vector - LEGACY_FIRST;
            if legacy::is_spurious(line) {
                return;
            }
            match line {
                SERIAL_LINE => serial::on_interrupt(),
                CONTROL_LINE => control_line::on_interrupt(),
                _ => {}
            }
            legacy::end(line);
        }
        TIMER => {
            if let Some(on_timer) = ON_TIMER.get() {
                on_timer();
            }
            apic::end();
        }
        SPURIOUS => {}
        _ => apic::end(),
    }
}
