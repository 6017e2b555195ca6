//! The one frame table of the machine.
//!
//! *Locking*: `TABLE` is the innermost lock of this crate.

use crate::{Error, window};
use spindle_arch::lock::{Lock, LockGuard};
use spindle_kerncore::frames::{Counts, FrameNumber, FrameTable, Owner};

static TABLE: Lock<Option<FrameTable<'static>>> = Lock::new(None);

/// Puts the table into service; called once, at boot.
pub(crate) fn install(table: FrameTable<'static>) {
    *TABLE.lock() = Some(table);
}

/// A frame for `owner`, with whatever was in it.
pub(crate) fn allocate(owner: Owner) -> Result<FrameNumber, Error> {
    with_table(|table| table.allocate(owner)).ok_or(Error::OutOfFrames)
}

/// A frame for `owner`, full of zeros.
pub(crate) fn allocate_zeroed(owner: Owner) -> Result<FrameNumber, Error> {
    let frame = allocate(owner)?;
    // SAFETY: the table just gave the frame to us, and holds only RAM.
    unsafe { window::zero(frame) };
    Ok(frame)
}

/// Gives a frame back.
///
/// # Panics
/// If the frame is not `owner`'s: the kernel's books are wrong, and going on would share memory.
pub(crate) fn release(frame: FrameNumber, owner: Owner) {
    if let Err(error) = with_table(|table| table.release(frame, owner)) {
        panic!("a frame is released that is not {owner}'s: {error:?}");
    }
}

/// How many frames each owner has.
pub(crate) fn counts() -> Counts {
    with_table(|table| table.counts())
}

fn with_table<R>(body: impl FnOnce(&mut FrameTable<'static>) -> R) -> R {
    let mut table: LockGuard<'_, _> = TABLE.lock();
    body(table.as_mut().expect("`start` installs the table before anything asks for memory"))
}
