//! Steps: a table's handlers as a raise walks over them, one after the other in memory.
//!
//! *Concepts.* Most handlers are the kernel's own, with no guard or one. What a raise needs of those is copied out of their bindings
//! into the table, so that it follows no pointer but those of the code that it calls; for all others a step says only that the
//! binding must be looked at.

use super::callee::TestFn;
use super::closure;
use super::strand::Strand;
use crate::binding::Binding;
use crate::tally::{Line, add};
use crate::{KeyGuard, Kind};
use core::ptr;
use spindle_abi::{HandlerFn, Key};

/// What a raise does about one handler.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// `None` if the binding must be looked at.
    enter: Option<HandlerFn>,
    closure: *const (),
    /// The one guard, if there is one.
    test: Option<TestFn>,
    test_closure: *const (),
    /// Where it counts, a line for each slot.
    lines: *const Line,
    /// Its key guard, or null if there is none or no candidate can fail it (INV-KEY-3).
    key: *const KeyGuard,
}

// SAFETY: the addresses are followed only while the table that the step is in keeps its bindings (INV-DISP-4).
unsafe impl Send for Step {}
// SAFETY: as above.
unsafe impl Sync for Step {}

/// What came of a step that did not need its binding.
pub(super) enum Taken {
    /// The handler ran.
    Ran,
    /// A guard of it does not hold.
    Rejected,
    /// The binding must be looked at.
    Look,
}

impl Step {
    /// The step of `binding`, which the step's table keeps.
    pub(crate) fn of(binding: &Binding) -> Self {
        let (enter, closure) = binding.callee.entered();
        let guard = match binding.guards.as_slice() {
            [] => Some((None, closure::NONE)),
            [guard] if !guard.post => {
                guard.check.callee.tested().map(|(test, closure)| (Some(test), closure))
            }
            _ => None,
        };
        let is_called_at_once = binding.mailbox.is_none() && !binding.cancels;
        let is_simple = binding.callee.kind() == Kind::Kernel && is_called_at_once && guard.is_some();
        let (test, test_closure) = guard.unwrap_or((None, closure::NONE));
        // Where the index is exact there is nothing left to ask.
        let key = binding.key.as_ref().filter(|key| !key.is_exact()).map_or(ptr::null(), ptr::from_ref);
        let lines = binding.callee.tally.lines();
        Self { enter: is_simple.then_some(enter), closure, test, test_closure, lines, key }
    }

    /// Asks the guards and calls the handler, if it is that simple: a compare each for three questions, a count, an indirect call.
    ///
    /// # Safety
    /// The step's table is marked; `frame` is one of its event that nobody else uses, `slot` one of its strands' slots.
    #[inline(always)]
    pub(super) unsafe fn offer<S: Strand>(&self, frame: *mut (), slot: usize, keys: &[Key<'_>]) -> Taken {
        // SAFETY: the table keeps the binding.
        match unsafe { self.key() } {
            Some(key) if self.enter.is_some() && !key.holds(keys) => Taken::Rejected,
            // SAFETY: the caller's promise; the key guard holds.
            _ => unsafe { self.take::<S>(frame, slot) },
        }
    }

    /// The key guard that a candidate may fail, if it has one.
    ///
    /// # Safety
    /// The step's table is marked.
    #[inline(always)]
    pub(super) unsafe fn key(&self) -> Option<&KeyGuard> {
        // SAFETY: a table that can be read keeps its bindings (INV-DISP-4).
        unsafe { self.key.as_ref() }
    }

    /// The code to call if there is nobody to ask first.
    #[inline(always)]
    pub(super) fn bare(&self) -> Option<HandlerFn> {
        // One comparison for both.
        let asks = self.key.addr() | self.test.map_or(0, |test| test as usize);
        if asks == 0 { self.enter } else { None }
    }

    /// Asks the guard that is code and calls the handler.
    ///
    /// # Safety
    /// As for [`Step::offer`]; the key guard holds.
    #[inline(always)]
    pub(super) unsafe fn take<S: Strand>(&self, frame: *mut (), slot: usize) -> Taken {
        let Some(enter) = self.enter else { return Taken::Look };
        // SAFETY: the guard was checked to be of the event, and nobody changes the frame while it looks at it.
        if self.test.is_some_and(|test| !unsafe { test(self.test_closure, frame) }) {
            // SAFETY: a callee in a table has a line for each slot of the event's strands.
            let line = unsafe { &*self.lines.wrapping_add(slot) };
            add(&line.rejections, 1, is_shared::<S>(slot));
            return Taken::Rejected;
        }
        // SAFETY: the caller's promise; `enter` is the step's.
        unsafe { self.run::<S>(enter, frame, slot) };
        Taken::Ran
    }

    /// Counts a call, and makes it.
    ///
    /// # Safety
    /// As for [`Step::offer`]; `enter` is this step's, and its guards hold.
    #[inline(always)]
    pub(super) unsafe fn run<S: Strand>(&self, enter: HandlerFn, frame: *mut (), slot: usize) {
        // SAFETY: a callee in a table has a line for each slot of the event's strands.
        let line = unsafe { &*self.lines.wrapping_add(slot) };
        add(&line.calls, 1, is_shared::<S>(slot));
        // SAFETY: the callee was checked to be of the event.
        unsafe { enter(self.closure, frame) };
    }
}

/// Whether several strands may count in `slot`.
#[inline(always)]
fn is_shared<S: Strand>(slot: usize) -> bool {
    S::SLOTS > 1 && slot + 1 == S::SLOTS
}
