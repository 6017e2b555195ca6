//! The record of one strand, and how the dispatcher crosses into extensions on it.
//!
//! # Invariants
//! - `INV-STRAND-1`: a strand's record is written only by the strand itself, or by a trap handler that
//!   interrupted it.
//! - `INV-STRAND-2`: every node of a strand's crossings has a `Callee` as its target.

use core::cell::Cell;
use core::ptr;
use core::sync::atomic::AtomicPtr;
use spindle_arch::crossing::{self, Record};
use spindle_arch::interrupts;
use spindle_dispatcher::{Callee, Crossed, Executor, Mark, Owner};

use crate::executor::MainLoop;

/// What a strand needs to raise events and to be recovered.
#[repr(C)]
#[derive(Debug)]
pub struct Strand {
    record: Record,
    marks: Cell<*const Mark>,
    offender: Cell<Owner>,
    /// The newest crossing was left because its target is in use, and nobody is to blame.
    declined: Cell<bool>,
    /// It runs handlers for raises that were queued.
    delivering: Cell<bool>,
    stack: (u64, u64),
}

const _: () = assert!(core::mem::offset_of!(Strand, record) == 0, "`cpu::current_record` reads it there");

impl Strand {
    /// A strand that runs on the stack between `limit` (its lowest usable address) and `top`.
    pub const fn new(limit: u64, top: u64) -> Self {
        Self {
            record: Record::new(),
            marks: Cell::new(ptr::null()),
            offender: Cell::new(Owner::KERNEL),
            declined: Cell::new(false),
            delivering: Cell::new(false),
            stack: (limit, top),
        }
    }

    /// Lowest usable address of the stack, and the address after its highest.
    pub fn stack(&self) -> (u64, u64) {
        self.stack
    }

    /// Whether `address` lies in the guard area below the stack.
    pub fn is_guard(&self, address: u64) -> bool {
        let limit = self.stack.0;
        (limit.saturating_sub(spindle_mem::GUARD_BYTES)..limit).contains(&address)
    }

    /// The crossings in progress.
    pub fn crossings(&self) -> &Record {
        &self.record
    }

    /// The callee that control last crossed into, or `None` while the kernel runs on its own account.
    pub fn innermost(&self) -> Option<&Callee> {
        // SAFETY: INV-STRAND-2, and a callee stays while a node names it.
        self.record.newest().map(|node| unsafe { &*node.target().cast::<Callee>() })
    }

    /// Notes who is to blame for the fault that the newest crossing is about to report.
    pub fn blame(&self, owner: Owner) {
        self.offender.set(owner);
    }

    /// Notes that what the newest crossing entered is in use by another strand: that crossing is about to be left, and nobody is to
    /// blame. The target is named as a fault's owner would be.
    pub fn decline(&self) {
        self.declined.set(true);
        if let Some(callee) = self.innermost() {
            self.blame(callee.owner());
        }
    }

    /// Whether the strand runs handlers for raises that were queued.
    pub(crate) fn is_delivering(&self) -> bool {
        self.delivering.get()
    }

    /// Why the newest crossing was left.
    #[cold]
    fn abandoned(&self) -> Crossed {
        if self.declined.take() { Crossed::Declined } else { Crossed::Faulted }
    }

    /// Whether the strand is inside a raise or a crossing.
    pub fn is_inside_raise(&self) -> bool {
        !self.marks.get().is_null() || self.record.newest().is_some()
    }

    /// Whether the strand has marked `word`, or is inside a crossing to it.
    pub(crate) fn has_marked(&self, word: *const ()) -> bool {
        let marks = core::iter::successors(Some(self.marks.get()), |mark| {
            // SAFETY: marks lie in live frames of this strand, linked newest first.
            unsafe { mark.as_ref() }.map(|mark| mark.previous.get())
        });
        // SAFETY: as above.
        let marked =
            marks.take_while(|mark| !mark.is_null()).any(|mark| unsafe { &*mark }.word.get() == word);
        marked || self.record.nodes().any(|node| node.target().cast() == word)
    }
}

// SAFETY: `cross` names the callee before it reads the source again (INV-CROSS-3), and `mark` links before the
// dispatcher reads again; both are words of this strand alone (INV-STRAND-1), scanned by `AllStrands`.
unsafe impl spindle_dispatcher::Strand for Strand {
    // Changes are made by the kernel's one strand, so they overlap with raises only by nesting, which
    // `is_inside_raise` sees wherever an extension could have asked for the change.
    const DIRECT_KERNEL_HANDLERS: bool = true;

    #[inline(always)]
    unsafe fn cross(&self, source: &AtomicPtr<Callee>, callee: *mut Callee, frame: *mut ()) -> Crossed {
        // SAFETY: the caller vouches for source, callee and frame; a callee begins as a crossing's target does.
        match unsafe { crossing::cross(&self.record, source, callee, frame) } {
            crossing::Crossed::Returned => Crossed::Returned,
            crossing::Crossed::Faulted => self.abandoned(),
            crossing::Crossed::Stale => Crossed::Stale,
        }
    }

    unsafe fn mark(&self, mark: &Mark) {
        mark.previous.set(self.marks.get());
        self.marks.set(mark);
    }

    unsafe fn unmark(&self, mark: &Mark) {
        self.marks.set(mark.previous.get());
    }

    fn offender(&self) -> Owner {
        self.offender.get()
    }

    // A strand, and the interrupt that it may be in: so that neither loses a count of the other's.
    const SLOTS: usize = 2;

    #[inline]
    fn slot(&self) -> usize {
        interrupts::is_in_handler().into()
    }

    fn now() -> u64 {
        spindle_arch::time::cycles()
    }

    fn executor() -> &'static dyn Executor {
        &MainLoop
    }

    fn replace_delivering(&self, is_delivering: bool) -> bool {
        self.delivering.replace(is_delivering)
    }
}

/// Makes `strand` the one that runs on this processor from here on.
///
/// # Safety
/// The caller runs on the stack that `strand` was made with, and no other processor has adopted it.
pub unsafe fn adopt(strand: &'static Strand) {
    // SAFETY: every reader is in this file and takes it for a `&'static Strand`.
    unsafe { spindle_arch::cpu::set_current_strand(ptr::from_ref(strand).cast_mut().cast()) };
    // SAFETY: the caller's promise.
    unsafe { spindle_arch::cpu::set_current_stack(strand.stack.0..strand.stack.1) };
}

/// The strand that runs on this processor, or `None` before the first [`adopt`].
pub fn try_current() -> Option<&'static Strand> {
    // SAFETY: `adopt` is the only writer, and takes `&'static Strand`.
    unsafe { spindle_arch::cpu::current_strand().cast::<Strand>().as_ref() }
}

/// The strand that runs on this processor.
///
/// One load through the per-processor segment.
///
/// # Panics
/// Before the first [`adopt`].
#[inline(always)]
pub fn current() -> &'static Strand {
    try_current().expect("the boot strand is adopted before anything raises an event")
}
