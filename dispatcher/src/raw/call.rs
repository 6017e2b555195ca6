//! Entering one callee, and what is noted of it.

use super::callee::Callee;
use super::strand::{Crossed, Strand};
use crate::event::EventCore;
use crate::observe::Watch;
use crate::outcome::Outcome;
use crate::recorder::{What, record};
use crate::sync::AtomicPtr;
use crate::{Kind, Owner};
use core::ptr;

/// Enters a callee: a plain call for the kernel's own, a crossing for an extension's. `Unhandled` if it is disabled.
///
/// # Safety
/// `frame` is what the callee takes, nobody else uses it meanwhile, and the callee stays until this returns.
#[inline(always)]
pub(super) unsafe fn call<S: Strand>(
    event: &'static EventCore,
    callee: &Callee,
    strand: &S,
    frame: *mut (),
) -> Outcome {
    if callee.kind() == Kind::Kernel {
        callee.count_call(strand.slot());
        // SAFETY: the caller's promise.
        unsafe { callee.enter(frame) };
        return Outcome::Handled;
    }
    if callee.is_disabled() {
        return Outcome::Unhandled;
    }
    let address = ptr::from_ref(callee).cast_mut();
    // The caller already keeps the callee, so the crossing's own check has nothing to refuse.
    let source = AtomicPtr::new(address);
    // SAFETY: the source holds the callee; the caller vouches for the frame.
    match unsafe { strand.cross(&source, address, frame) } {
        Crossed::Returned | Crossed::Stale => Outcome::Handled,
        Crossed::Faulted => Outcome::Faulted(abandoned(event, callee, strand)),
        Crossed::Declined => Outcome::Busy(strand.offender()),
    }
}

/// As [`call`], timed and recorded as `watch` says.
///
/// # Safety
/// As for [`call`].
#[cold]
pub(super) unsafe fn call_watched<S: Strand>(
    event: &'static EventCore,
    callee: &Callee,
    strand: &S,
    frame: *mut (),
    watch: Watch,
) -> Outcome {
    let before = S::now();
    // SAFETY: the caller's promise.
    let outcome = unsafe { call(event, callee, strand, frame) };
    if watch.times() {
        callee.tally.time(strand.slot(), S::now().saturating_sub(before));
    }
    if watch.recording() && outcome == Outcome::Handled {
        record(before, event, callee.id(), callee.owner(), What::Ran);
    }
    outcome
}

/// Notes a fault; returns whose it was.
#[cold]
fn abandoned<S: Strand>(event: &'static EventCore, callee: &Callee, strand: &S) -> Owner {
    let offender = strand.offender();
    record(S::now(), event, callee.id(), offender, What::Faulted);
    offender
}

impl EventCore {
    /// Notes that the only callee was abandoned, or declined; returns whose fault it was.
    #[cold]
    pub(super) fn failed<S: Strand>(&'static self, strand: &S, what: What) -> Owner {
        let offender = strand.offender();
        self.with_table(strand, |table| {
            for binding in table.handlers.iter().filter(|binding| binding.callee.owner() == offender) {
                if what == What::Faulted {
                    binding.callee.tally.fault(strand.slot());
                }
                record(S::now(), self, binding.callee.id(), offender, what);
            }
        });
        offender
    }
}
