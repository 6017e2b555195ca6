//! COM2, the control channel's line: nothing that was received is dropped, and nobody waits for ever for a host that
//! does not read.
//!
//! ```text
//!  host ──socket──> QEMU ──> device's queue ──interrupt──> ring ──> take_byte
//!                    │             │                        │ full: interrupt off, until half of it was taken
//!                    │             └ full: QEMU reads no more of the socket
//!                    └ and the host's writes wait
//! ```
//! *Interface*: [`take_byte`] and [`send`], from one strand at a time; both do nothing on a machine without the line.
//!
//! *Locking*: none. [`send`] waits, with interrupts as they are.

use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use spindle_kerncore::ring::ByteRing;

use crate::uart::{FIFO_BYTES, Uart};
use crate::{interrupts, time};

const LINE: Uart = Uart::COM2;
const INPUT_BYTES: usize = 4096;

static IS_THERE: AtomicBool = AtomicBool::new(false);
static INPUT: ByteRing<INPUT_BYTES> = ByteRing::new();
/// The receive interrupt is off, since the ring was full.
static WAITS_FOR_ROOM: AtomicBool = AtomicBool::new(false);

/// The host did not read for as long as [`send`] was willing to wait. What was not sent is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotRead;

/// Looks for the device and sets it up, without interrupts yet.
pub(crate) fn start() {
    if LINE.is_there() {
        LINE.start();
        IS_THERE.store(true, Relaxed);
    }
}

/// Interrupts on receive; the controller must be set up by now.
pub(crate) fn start_receiving() {
    if is_there() {
        LINE.set_receive_interrupt(true);
    }
}

/// Whether this machine has the line.
pub fn is_there() -> bool {
    IS_THERE.load(Relaxed)
}

/// The oldest byte received and not yet taken.
pub fn take_byte() -> Option<u8> {
    let byte = INPUT.take();
    if WAITS_FOR_ROOM.load(Relaxed) && INPUT.len() <= INPUT_BYTES / 2 {
        interrupts::without(receive_again);
    }
    byte
}

/// Whether [`take_byte`] would give nothing.
pub fn input_is_empty() -> bool {
    INPUT.is_empty()
}

/// Sends `bytes`; waits for the host for at most `patience_ns` without progress.
///
/// # Errors
/// [`NotRead`] if the host does not read. With no host there the bytes are gone, which is no error.
pub fn send(bytes: &[u8], patience_ns: u64) -> Result<(), NotRead> {
    if !is_there() {
        return Ok(());
    }
    for chunk in bytes.chunks(FIFO_BYTES) {
        if !is_soon(|| LINE.can_transmit(), patience_ns) {
            LINE.reset_transmitter();
            return Err(NotRead);
        }
        chunk.iter().for_each(|&byte| LINE.transmit(byte));
    }
    Ok(())
}

/// Waits until everything has left the device, for at most `patience_ns`.
pub fn flush(patience_ns: u64) {
    if is_there() {
        is_soon(|| LINE.has_sent_all(), patience_ns);
    }
}

/// Takes what the device has received; runs in its interrupt.
pub(crate) fn on_interrupt() {
    // Without a device its registers read as if there were always something.
    while is_there() && LINE.has_received() {
        if INPUT.is_full() {
            LINE.set_receive_interrupt(false);
            WAITS_FOR_ROOM.store(true, Relaxed);
            return;
        }
        INPUT.put(LINE.receive());
    }
}

/// There is room again. The line's edge may have been missed while its interrupt was off, so the device is asked.
fn receive_again() {
    WAITS_FOR_ROOM.store(false, Relaxed);
    LINE.set_receive_interrupt(true);
    on_interrupt();
}

fn is_soon(condition: impl Fn() -> bool, patience_ns: u64) -> bool {
    let from = time::now_ns();
    while !condition() {
        if time::now_ns() - from > patience_ns {
            return false;
        }
        core::hint::spin_loop();
    }
    true
}
