//! What the host is told: text in pieces, and answers, in the order in which they are made.
//!
//! *Invariants*: `INV-ANSWER-1`: before any other answer, the text that is held goes out. `INV-ANSWER-2`: a host that does
//! not read costs one wait; what it is told after that is dropped until it says hello again.
//!
//! *Locking*: `HELD` is held only to add or take text; the line is waited for without it.

use core::fmt::{self, Write};
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use heapless::Vec;
use spindle_arch::control_line::{self, NotRead};
use spindle_arch::lock::Lock;
use spindle_kerncore::control::{ANSWER_BYTES, ANSWER_FRAME_BYTES, Answer, OUTPUT_BYTES, encode};

/// How long the host may leave its answers unread.
const PATIENCE_NS: u64 = 2_000_000_000;

/// Text that has not been sent.
static HELD: Lock<Vec<u8, OUTPUT_BYTES>> = Lock::new(Vec::new());
/// The host did not read; nothing more is sent.
static IS_GIVEN_UP: AtomicBool = AtomicBool::new(false);
/// The same, until the conversation has been told.
static WAS_NOT_READ: AtomicBool = AtomicBool::new(false);

struct Text;

/// Prints text for the host: it goes out at the end of each line, and whenever there is enough of it.
pub(crate) fn print(text: fmt::Arguments<'_>) {
    // `Text` takes everything; an error of a `Display` inside the text only cuts the text short.
    let _ = Text.write_fmt(text);
    if HELD.lock().last() == Some(&b'\n') {
        send_held();
    }
}

/// Sends an answer after all text.
pub(crate) fn send(answer: &Answer<'_>) {
    send_held();
    if matches!(answer, Answer::Welcome { .. }) {
        IS_GIVEN_UP.store(false, Relaxed);
    }
    write(answer);
}

/// Leaves an answer in the line for a host that was given up: should it read again, this is what comes next.
pub(crate) fn leave_behind(answer: &Answer<'_>) {
    // The transmitter was emptied when the host was given up, and has room for a short answer.
    let _ = transmit(answer, 0);
}

/// Waits until the host has everything, before the machine ends.
pub(crate) fn flush() {
    control_line::flush(PATIENCE_NS);
}

/// Whether an answer was not read since this was last asked.
pub(crate) fn take_not_read() -> bool {
    WAS_NOT_READ.swap(false, Relaxed)
}

fn send_held() {
    let held = core::mem::take(&mut *HELD.lock());
    if !held.is_empty() {
        write(&Answer::Output { text: &held });
    }
}

fn write(answer: &Answer<'_>) {
    if IS_GIVEN_UP.load(Relaxed) {
        return;
    }
    if transmit(answer, PATIENCE_NS).is_err() {
        IS_GIVEN_UP.store(true, Relaxed);
        WAS_NOT_READ.store(true, Relaxed);
    }
}

fn transmit(answer: &Answer<'_>, patience_ns: u64) -> Result<(), NotRead> {
    let mut room = [0; ANSWER_FRAME_BYTES];
    let frame =
        encode::<ANSWER_BYTES>(answer, &mut room).expect("no answer is longer than a full one of text");
    control_line::send(frame, patience_ns)
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let mut held = HELD.lock();
            let (fits, more) = rest.split_at(rest.len().min(OUTPUT_BYTES - held.len()));
            // It fits by the line above.
            let _ = held.extend_from_slice(fits);
            drop(held);
            if !more.is_empty() {
                send_held();
            }
            rest = more;
        }
        Ok(())
    }
}
