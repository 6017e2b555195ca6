//! Where raises wait for an asynchronous handler, or for the whole of an asynchronous event.
//!
//! ```text
//!  raise ── frame copied in ──> queue ── frame copied out ──> target marked, read again ──> called
//!                                 ^                                │ in use: put back
//!                                 └────────────────────────────────┘
//!  uninstall: target cleared, queue emptied; the ticket then waits for whoever marked the target before (INV-DISP-4)
//! ```

use super::call::{call, call_watched};
use super::callee::Callee;
use super::mark::with_marked;
use super::shared::Shared;
use super::strand::Mark;
use crate::deliver::announce;
use crate::event::EventCore;
use crate::observe::Watch;
use crate::outcome::Outcome;
use crate::queue::{Pushed, Queue};
use crate::recorder::{What, record};
use crate::sync::{AtomicBool, AtomicPtr, Ordering};
use crate::{BindingId, Executor, InstallError, Owner, Strand};
use core::ptr;

/// Frames of one event on their way to one callee, or to all.
#[derive(Debug)]
pub(crate) struct Mailbox {
    queue: Queue,
    event: &'static EventCore,
    /// Who gets them; null once it is uninstalled. Of no use if they are for all.
    target: AtomicPtr<Callee>,
    /// Which binding that is, [`BindingId::NONE`] if they are for all.
    binding: BindingId,
    owner: Owner,
    /// Whether a strand is delivering from it.
    is_busy: AtomicBool,
    /// Whether a frame was dropped since one was last delivered.
    has_dropped: AtomicBool,
}

/// A queued frame, aligned as any frame is.
#[repr(align(16))]
struct Letter([u64; WORDS]);

const WORDS: usize = Mailbox::MAX_FRAME_BYTES / size_of::<u64>();

/// What became of one delivery.
#[derive(PartialEq, Eq)]
enum Delivered {
    Yes,
    /// There was nothing.
    Nothing,
    /// Its handler is in use: come back.
    Later,
}

impl Mailbox {
    /// The longest frame that can be queued.
    const MAX_FRAME_BYTES: usize = 128;

    /// Whether frames of this size and alignment can be queued.
    pub(crate) const fn takes(bytes: usize, align: usize) -> bool {
        bytes <= Self::MAX_FRAME_BYTES && align <= align_of::<Letter>()
    }

    /// A mailbox for frames of `event`; for all its handlers if there is no `target`.
    ///
    /// # Errors
    /// [`InstallError::NotAsynchronous`], [`InstallError::OutOfMemory`]
    pub(crate) fn try_new(
        event: &'static EventCore,
        target: Option<&Shared<Callee>>,
    ) -> Result<Self, InstallError> {
        let words = event.queueable_bytes()?.div_ceil(size_of::<u64>());
        let queue = Queue::try_new(event.delivery(), words)?;
        let (binding, owner) =
            target.map_or((BindingId::NONE, event.owner()), |target| (target.id(), target.owner()));
        let target = AtomicPtr::new(target.map_or(ptr::null_mut(), Shared::address));
        let (is_busy, has_dropped) = (AtomicBool::new(false), AtomicBool::new(false));
        Ok(Self { queue, event, target, binding, owner, is_busy, has_dropped })
    }

    /// How many frames wait.
    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }

    /// How many frames were put in, or were to be, and will never come out.
    pub(crate) fn lost(&self) -> u64 {
        self.queue.lost()
    }

    /// Whether a strand of type `S` may find something to do here.
    pub(crate) fn has_work_for<S: Strand>(&self) -> bool {
        self.queue.len() > 0 && !self.is_busy.load(Ordering::Relaxed) && self.event.is_raised_by::<S>()
    }

    /// Puts a copy of `frame` in, or lets the event's policy decide what to do without.
    ///
    /// # Safety
    /// `frame` is one of the event.
    pub(super) unsafe fn send(&self, frame: *const (), executor: &dyn Executor) -> Pushed {
        let bytes = self.event.queueable_bytes().expect("the mailbox was made for such an event");
        let mut letter = [0_u64; WORDS];
        // SAFETY: INV-DISP-7: a frame is that many bytes, all of them initialised, and the letter has room for
        // them.
        unsafe { ptr::copy_nonoverlapping(frame.cast::<u8>(), letter.as_mut_ptr().cast(), bytes) };
        let pushed = self.queue.push(&letter[..bytes.div_ceil(size_of::<u64>())], executor);
        announce();
        executor.wake();
        pushed
    }

    /// Delivers the oldest frames, up to `limit`; returns how many. None if another strand is at it.
    ///
    /// # Panics
    /// If the event is raised by strands of another type.
    pub(crate) fn deliver<S: Strand>(&self, strand: &S, limit: usize) -> usize {
        assert!(self.event.is_raised_by::<S>(), "a mailbox's frames are delivered on its event's strands");
        if self.is_busy.swap(true, Ordering::AcqRel) {
            return 0;
        }
        let delivered = (0..limit).take_while(|_| self.deliver_one(strand) == Delivered::Yes).count();
        // Whoever was turned away has seen the word that this replaces, so what it found here is found by the next
        // look.
        self.is_busy.swap(false, Ordering::AcqRel);
        delivered
    }

    /// Notes that a frame was dropped: once until one is delivered again, or the drops would push all else out of the recorder.
    #[cold]
    pub(super) fn note_drop(&self) {
        if !self.has_dropped.swap(true, Ordering::Relaxed) {
            self.record(What::Dropped);
        }
    }

    /// Throws away what waits, and delivers no more. A raise that met the binding before may still put a frame in,
    /// which goes with the mailbox.
    pub(crate) fn close(&self) {
        self.target.store(ptr::null_mut(), Ordering::Release);
        if self.queue.close() > 0 {
            self.record(What::Dropped);
        }
    }

    fn deliver_one<S: Strand>(&self, strand: &S) -> Delivered {
        let mut letter = Letter([0; WORDS]);
        if !self.queue.pop(&mut letter.0) {
            return Delivered::Nothing;
        }
        let frame = letter.0.as_mut_ptr().cast::<()>();
        if self.binding == BindingId::NONE {
            // SAFETY: INV-DISP-1 and INV-DISP-7: the letter is a frame of the event, and ours; the strand is of its
            // type.
            unsafe { (self.event.dispatch)(self.event, frame, ptr::from_ref(strand).cast()) };
            self.has_dropped.store(false, Ordering::Relaxed);
            return Delivered::Yes;
        }
        // SAFETY: as above.
        match unsafe { self.call_target(strand, frame) } {
            Outcome::Handled | Outcome::Faulted(_) => self.has_dropped.store(false, Ordering::Relaxed),
            Outcome::Unhandled => self.lose(),
            Outcome::Busy(_) => {
                self.queue.put_back(&letter.0);
                announce();
                return Delivered::Later;
            }
        }
        Delivered::Yes
    }

    /// # Safety
    /// `frame` is one of the event, and nobody else uses it.
    unsafe fn call_target<S: Strand>(&self, strand: &S, frame: *mut ()) -> Outcome {
        let mark = Mark::new();
        let watch = Watch::now();
        with_marked(&self.target, strand, &mark, |callee| {
            // SAFETY: null once it is uninstalled; else the mark keeps it (INV-DISP-4).
            let Some(callee) = (unsafe { callee.as_ref() }) else { return Outcome::Unhandled };
            let outcome = match watch.is_on() {
                // SAFETY: INV-DISP-1: it is the callee of a binding of this event.
                true => unsafe { call_watched(self.event, callee, strand, frame, watch) },
                // SAFETY: as above.
                false => unsafe { call(self.event, callee, strand, frame) },
            };
            if let Outcome::Faulted(_) = outcome {
                callee.tally.fault(strand.slot());
            }
            outcome
        })
    }

    /// Notes that a frame reached nobody: its handler was uninstalled or disabled meanwhile.
    #[cold]
    fn lose(&self) {
        self.queue.note_lost(1);
        self.note_drop();
    }

    fn record(&self, what: What) {
        record(self.event.now(), self.event, self.binding, self.owner, what);
    }
}
