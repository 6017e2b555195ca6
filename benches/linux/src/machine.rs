//! The end of the machine that this program is the first process of.

use spindle_abi::protocol::exit;

use crate::sys;

/// Ends the machine as Spindle ends it: the emulator's exit status says whether everything `succeeded`.
pub(crate) fn end(succeeded: bool) {
    sys::write_port(exit::PORT, if succeeded { exit::SUCCESS } else { exit::FAILURE });
    // Still here: it has no such port.
    sys::power_off();
}
