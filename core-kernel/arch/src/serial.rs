//! COM1, a 16550: output by polling, input by interrupt into a ring of fixed size.
//!
//! *Interface*: [`write`] for output in order under a lock; [`Forced`] for the panic path, which takes none;
//! [`take_byte`] for input.
//!
//! *Locking*: `OUTPUT` is the innermost lock of all; [`Forced`] and the interrupt handler never take it.

use crate::lock::Lock;
#[cfg(feature = "provoke")]
use crate::time::spin_ns;
use crate::uart::{FIFO_BYTES, Uart};
use core::fmt;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};
use spindle_kerncore::ring::ByteRing;

const LINE: Uart = Uart::COM1;
const INPUT_BYTES: usize = 1024;
const CTRL_C: u8 = 3;
/// Several times the four characters' time after which a 16550 asks for attention once more.
#[cfg(feature = "provoke")]
const ATTENTION_NS: u64 = 5_000_000;

/// Moves to the first column and erases the row.
const ERASE_ROW: &[u8] = b"\r\x1b[K";

static OUTPUT: Lock<()> = Lock::new(());
static ROW_IS_ERASABLE: AtomicBool = AtomicBool::new(false);
/// Whether ctrl-C was received and nobody took it as a wish to stop something.
static BREAK: AtomicBool = AtomicBool::new(false);
static INPUT: ByteRing<INPUT_BYTES> = ByteRing::new();

/// Sets the device up, without interrupts yet.
pub(crate) fn start() {
    LINE.start();
}

/// Interrupts on receive; the controller must be set up by now.
pub(crate) fn start_receiving() {
    LINE.set_receive_interrupt(true);
}

/// Sends `bytes` as they are; waits until the device has taken them.
pub fn write(bytes: &[u8]) {
    let _alone = OUTPUT.lock();
    send(bytes);
}

/// Sends formatted text in one piece, `\n` as `\r\n`; in place of the terminal's row, if that is erasable.
pub fn print(text: fmt::Arguments<'_>) {
    let _alone = OUTPUT.lock();
    if ROW_IS_ERASABLE.swap(false, Relaxed) {
        send(ERASE_ROW);
    }
    // `Forced` never fails; an error of a `Display` inside the text only cuts the text short.
    let _ = fmt::Write::write_fmt(&mut Forced, text);
}

/// Says whether the terminal's row holds only what can be shown again, such as a line being edited: then what is
/// printed next takes its place.
pub fn set_row_is_erasable(erasable: bool) {
    ROW_IS_ERASABLE.store(erasable, Relaxed);
}

/// Whether the row is still there, that was said to be erasable.
pub fn row_is_erasable() -> bool {
    ROW_IS_ERASABLE.load(Relaxed)
}

/// Output past the lock, for when its holder may never run again. `\n` is sent as `\r\n`.
#[derive(Debug)]
pub struct Forced;

impl fmt::Write for Forced {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for line in text.split_inclusive('\n') {
            match line.strip_suffix('\n') {
                Some(line) => {
                    send(line.as_bytes());
                    send(b"\r\n");
                }
                None => send(line.as_bytes()),
            }
        }
        Ok(())
    }
}

/// The oldest byte received and not yet taken.
pub fn take_byte() -> Option<u8> {
    INPUT.take()
}

/// Whether [`take_byte`] would give nothing.
pub fn input_is_empty() -> bool {
    INPUT.is_empty()
}

/// Whether ctrl-C was received since the last call. It is among the bytes as well.
pub fn take_break() -> bool {
    BREAK.swap(false, Relaxed)
}

/// How many received bytes found the ring full and were dropped.
pub fn dropped_bytes() -> u64 {
    INPUT.dropped()
}

/// Makes the device receive `byte` from itself, with its interrupt off, and waits until it would no longer
/// ask again for attention to a byte that nobody took.
#[cfg(feature = "provoke")]
pub(crate) fn loop_back(byte: u8) {
    let _alone = OUTPUT.lock();
    LINE.set_receive_interrupt(false);
    while !LINE.can_transmit() {}
    LINE.set_loop(true);
    LINE.transmit(byte);
    while !LINE.has_received() {}
    LINE.set_loop(false);
    spin_ns(ATTENTION_NS);
}

/// Takes what the device has received; runs in its interrupt.
pub(crate) fn on_interrupt() {
    while LINE.has_received() {
        let byte = LINE.receive();
        if byte == CTRL_C {
            BREAK.store(true, Relaxed);
        }
        INPUT.put(byte);
    }
}

fn send(bytes: &[u8]) {
    for chunk in bytes.chunks(FIFO_BYTES) {
        while !LINE.can_transmit() {
            core::hint::spin_loop();
        }
        chunk.iter().for_each(|&byte| LINE.transmit(byte));
    }
}
