//! The executor: who runs what raises have queued. At present that is the kernel's main loop, on the main strand.
//!
//! ```text
//!  raise ─> queue ─> the main loop does not sleep while `is_anything_queued`, and calls `deliver`
//!             └ full, and the event's policy is to wait: make_room ─> deliver, at once
//! ```
//!
//! *Locking*: none. [`Executor::wake`] is called in interrupts too.

use crate::{Strand, current};
use spindle_arch::interrupts;
use spindle_dispatcher::Executor;

/// The main loop as the dispatcher sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MainLoop;

/// How much is delivered to make room.
const ROOM: usize = 16;

impl Executor for MainLoop {
    /// Whoever queues something runs on the main strand, or interrupts it: the loop asks, with interrupts off, before it
    /// halts, so there is nobody to wake.
    fn wake(&self) {}

    fn make_room(&self) -> bool {
        let can = !interrupts::is_in_handler() && !current().is_delivering();
        can && deliver(ROOM) > 0
    }
}

/// Runs handlers for up to `limit` queued raises, on the calling strand; returns for how many. One load if nothing waits.
///
/// # Locking
/// To be called with no lock held and interrupts on. What faults is to be taken away afterwards, as after a raise.
pub fn deliver(limit: usize) -> usize {
    match spindle_dispatcher::is_anything_queued() {
        true => spindle_dispatcher::deliver::<Strand>(current(), limit),
        false => 0,
    }
}
