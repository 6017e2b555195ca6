//! The ways out: QEMU's debug-exit device, the power button of QEMU's machines, or a stop for good.

use crate::cpu::halt_forever;
use crate::port::SafePort;

// SAFETY: the port ends the machine or does nothing; memory is not its business.
const DEBUG_EXIT: SafePort = unsafe { SafePort::new(0xf4) };
// SAFETY: as above: power management of QEMU's q35 machine.
const SLEEP_CONTROL_Q35: SafePort = unsafe { SafePort::new(0x604) };
// SAFETY: as above: of its pc machine.
const SLEEP_CONTROL_PC: SafePort = unsafe { SafePort::new(0xb004) };
/// Soft-off for a machine whose sleep type 5 is 0, as QEMU's is.
const SLEEP_NOW: u16 = 1 << 13;

/// Ends QEMU with `code` (see the protocol of `spindle_abi`); stops for good where there is no such device.
pub fn debug_exit(code: u32) -> ! {
    DEBUG_EXIT.write_double(code);
    halt_forever()
}

/// Ends the machine in good order: by the debug-exit device with `code`, else as its power button would.
pub fn power_off(code: u32) -> ! {
    DEBUG_EXIT.write_double(code);
    SLEEP_CONTROL_Q35.write_word(SLEEP_NOW);
    SLEEP_CONTROL_PC.write_word(SLEEP_NOW);
    halt_forever()
}
