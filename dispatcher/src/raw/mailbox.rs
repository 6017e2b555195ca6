//! Where raises wait for an asynchronous handler, or for the whole of an asynchronous event.

use super::callee::Callee;
use super::dispatch::call;
use super::mark::with_marked;
use super::strand::Mark;
use crate::event::EventCore;
use crate::outcome::Outcome;
use crate::queue::{Pushed, Queue};
use crate::recorder::{What, record};
use crate::sync::{AtomicPtr, Ordering};
use crate::{Executor, InstallError, Strand};
use core::ptr;

/// Frames of one event on their way to one callee, or to all.
#[derive(Debug)]
pub(crate) struct Mailbox {
    queue: Queue,
    event: &'static EventCore,
    /// Who gets them; null once it is uninstalled. Of no use if they are for all.
    target: AtomicPtr<Callee>,
    is_for_all: bool,
}

/// A queued frame, aligned as any frame is.
#[repr(align(16))]
struct Letter([u64; WORDS]);

const WORDS: usize = Mailbox::MAX_FRAME_BYTES / size_of::<u64>();

impl Mailbox {
    /// The longest frame that can be queued.
    pub(crate) const MAX_FRAME_BYTES: usize = 128;

    /// A mailbox for frames of `event`; for all its handlers if there is no `target`.
    ///
    /// # Errors
    /// [`InstallError::NotAsynchronous`], [`InstallError::OutOfMemory`]
    pub(crate) fn try_new(
        event: &'static EventCore,
        target: Option<*mut Callee>,
    ) -> Result<Self, InstallError> {
        let words = event.queueable_bytes()?.div_ceil(size_of::<u64>());
        let queue = Queue::try_new(event.delivery(), words)?;
        let is_for_all = target.is_none();
        Ok(Self { queue, event, target: AtomicPtr::new(target.unwrap_or(ptr::null_mut())), is_for_all })
    }

    /// How many frames wait.
    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }

    /// How many frames were put in, or were to be, and will never come out.
    pub(crate) fn lost(&self) -> u64 {
        self.queue.lost()
    }

    /// Puts a copy of `frame` in, or lets the event's policy decide what to do without.
    ///
    /// # Safety
    /// `frame` is one of the event.
    pub(super) unsafe fn send(&self, frame: *const (), executor: &dyn Executor) -> Pushed {
        let bytes = self.event.queueable_bytes().expect("the mailbox was made for such an event");
        let mut letter = [0_u64; WORDS];
        // SAFETY: INV-DISP-7: a frame is that many bytes, all of them initialised, and the letter has room for them.
        unsafe { ptr::copy_nonoverlapping(frame.cast::<u8>(), letter.as_mut_ptr().cast(), bytes) };
        let pushed = self.queue.push(&letter[..bytes.div_ceil(size_of::<u64>())], executor);
        executor.wake();
        pushed
    }

    /// Delivers the oldest frame; `None` if there is none.
    pub(crate) fn deliver_one<S: Strand>(&self, strand: &S) -> Option<Outcome> {
        let mut letter = Letter([0; WORDS]);
        self.queue.pop(&mut letter.0).then(|| {
            let frame = letter.0.as_mut_ptr().cast::<()>();
            match self.is_for_all {
                // SAFETY: INV-DISP-1 and INV-DISP-7: the letter is a frame of the event, and ours.
                true => Outcome::of_word(unsafe {
                    (self.event.dispatch)(self.event, frame, ptr::from_ref(strand).cast())
                }),
                // SAFETY: as above.
                false => unsafe { self.call_target(strand, frame) },
            }
        })
    }

    /// # Safety
    /// `frame` is one of the event, and nobody else uses it.
    unsafe fn call_target<S: Strand>(&self, strand: &S, frame: *mut ()) -> Outcome {
        let mark = Mark::new();
        with_marked(&self.target, strand, &mark, |callee| {
            // SAFETY: null once it is uninstalled; else the mark keeps it (INV-DISP-4).
            let Some(callee) = (unsafe { callee.as_ref() }) else { return Outcome::Unhandled };
            // SAFETY: INV-DISP-1: it is the callee of a binding of this event.
            let outcome = unsafe { call(self.event, callee, strand, frame) };
            if let Outcome::Faulted(_) = outcome {
                callee.tally.fault(strand.slot());
            }
            outcome
        })
    }

    /// Throws away what waits for `callee`, which is uninstalled, and delivers to it no more.
    pub(crate) fn close(&self, callee: &Callee) {
        self.target.store(ptr::null_mut(), Ordering::Release);
        if self.queue.clear() > 0 {
            record(self.event.now(), self.event, callee.id(), callee.owner(), What::Dropped);
        }
    }
}
