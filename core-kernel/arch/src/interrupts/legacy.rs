//! The two 8259 interrupt controllers, moved away from the exceptions' vectors and masked but for what we use.
//!
//! Source: Intel 8259A data sheet; the wait after each word as every system since the AT does it.

use crate::port::SafePort;

/// Where the two controllers' registers begin: the command, then the data.
const BASES: [u16; 2] = [0x20, 0xa0];

const fn register(controller: usize, offset: u16) -> SafePort {
    assert!(offset < 2, "a controller has two registers");
    // SAFETY: the controllers only raise interrupts, whose entry code is ours (INV-ENTRY-1).
    unsafe { SafePort::new(BASES[controller] + offset) }
}
const FIRST_COMMAND: SafePort = register(0, 0);
const FIRST_DATA: SafePort = register(0, 1);
const SECOND_COMMAND: SafePort = register(1, 0);
const SECOND_DATA: SafePort = register(1, 1);
// SAFETY: the port of the power-on self test; writing to it only takes time.
const WAIT: SafePort = unsafe { SafePort::new(0x80) };

/// Initialisation command: edge triggered, cascaded, a fourth word follows.
const INITIALISE: u8 = 0x11;
const MODE_8086: u8 = 0x01;
/// The line on which the second controller hangs.
const CASCADE: u8 = 2;
const READ_IN_SERVICE: u8 = 0x0b;
const END_OF_INTERRUPT: u8 = 0x20;

/// Maps the 16 lines to vectors from `first_vector` on and masks all but `enabled` (a bit for each line).
pub(super) fn start(first_vector: u8, enabled: u16) {
    for (command, data, vector, cascade) in [
        (FIRST_COMMAND, FIRST_DATA, first_vector, 1 << CASCADE),
        (SECOND_COMMAND, SECOND_DATA, first_vector + 8, CASCADE),
    ] {
        for (port, word) in [(command, INITIALISE), (data, vector), (data, cascade), (data, MODE_8086)] {
            port.write(word);
            WAIT.write(0);
        }
    }
    FIRST_DATA.write(!(enabled as u8));
    SECOND_DATA.write(!((enabled >> 8) as u8));
}

/// Whether the interrupt on `line` is none: a line that went away again shows up as the lowest one.
pub(super) fn is_spurious(line: u8) -> bool {
    let command = match line {
        7 => FIRST_COMMAND,
        15 => SECOND_COMMAND,
        _ => return false,
    };
    command.write(READ_IN_SERVICE);
    let spurious = command.read() & 0x80 == 0;
    if spurious && line == 15 {
        FIRST_COMMAND.write(END_OF_INTERRUPT);
    }
    spurious
}

/// Tells the controllers that the interrupt on `line` has been handled.
pub(super) fn end(line: u8) {
    if line >= 8 {
        SECOND_COMMAND.write(END_OF_INTERRUPT);
    }
    FIRST_COMMAND.write(END_OF_INTERRUPT);
}
