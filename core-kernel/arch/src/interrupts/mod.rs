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

use crate::{control_line, serial, time};

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

/// Sets both controllers up and starts the 100 Hz timer and the serial input; interrupts stay off.
pub(crate) fn start() {
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

/// Called by entry code for every vector from 32 on.
pub(crate) fn dispatch(vector: u8) {
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
            time::on_tick();
            apic::end();
        }
        SPURIOUS => {}
        _ => apic::end(),
    }
}
