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

use crate::{serial, time};

const LEGACY_FIRST: u8 = 32;
const LEGACY_LAST: u8 = 47;
const TIMER: u8 = 48;
const SPURIOUS: u8 = 255;
/// The legacy line of COM1.
const SERIAL_LINE: u8 = 4;

/// Runs `body` with interrupts off and restores what was before.
pub fn without<R>(body: impl FnOnce() -> R) -> R {
    x86_64::instructions::interrupts::without_interrupts(body)
}

/// Sets both controllers up and starts the 100 Hz timer; interrupts stay off.
pub(crate) fn start() {
    legacy::start(LEGACY_FIRST, 1 << SERIAL_LINE);
    apic::start(TIMER, SPURIOUS);
}

/// Called by entry code for every vector from 32 on.
pub(crate) fn dispatch(vector: u8) {
    match vector {
        LEGACY_FIRST..=LEGACY_LAST => {
            let line = vector - LEGACY_FIRST;
            if legacy::is_spurious(line) {
                return;
            }
            if line == SERIAL_LINE {
                serial::on_interrupt();
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
