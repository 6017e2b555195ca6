//! x86_64: descriptor tables, entry stubs, crossing, ring 3, timers, serial.
//!
//! *Interface*: [`start`] once, first of all; then [`start_interrupts`] when handlers may run.
//! The crate compiles for a host too, where nothing of it that touches the machine may be called.
#![no_std]

pub mod control_line;
pub mod cpu;
pub mod crossing;
pub mod descriptors;
pub mod exceptions;
mod exit;
pub mod fw_cfg;
pub mod interrupts;
pub mod layout;
pub mod lock;
pub mod measure;
mod port;
pub mod serial;
pub mod time;
mod uart;
pub mod user;

pub use exit::{debug_exit, power_off};

/// Brings the boot processor into the state that everything else counts on: own tables, W^X enforced, a
/// serial line that speaks, a clock that counts. Interrupts stay off.
pub fn start() {
    interrupts::disable();
    cpu::start();
    descriptors::start();
    exceptions::entry::start();
    user::start();
    serial::start();
    control_line::start();
    time::start();
}

/// Starts the interrupt controllers and the timer; the caller then enables interrupts. `on_timer` is called in each timer
/// interrupt, [`time::TICKS_PER_SECOND`] times a second, and counts it with [`time::count_tick`].
pub fn start_interrupts(on_timer: fn()) {
    interrupts::start(on_timer);
}
