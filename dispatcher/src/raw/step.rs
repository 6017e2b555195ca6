//! Steps: a table's handlers as a raise walks over them, one after the other in memory.
//!
//! *Concepts.* Most handlers are the kernel's own, with no guard or one. What a raise needs of those is copied out of their bindings
//! into the table, so that it follows no pointer but those of the code that it calls; for all others a step says only that the
//! binding must be looked at.

use super::callee::{Callee, TestFn};
use super::closure;
use crate::Kind;
use crate::binding::Binding;
use spindle_abi::HandlerFn;

/// What a raise does about one handler.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// `None` if the binding must be looked at.
    enter: Option<HandlerFn>,
    closure: *const (),
    /// The one guard, if there is one.
    test: Option<TestFn>,
    test_closure: *const (),
    /// The callee, whose calls are counted.
    callee: *const Callee,
}

// SAFETY: the addresses are followed only while the table that the step is in keeps its bindings (INV-DISP-4).
unsafe impl Send for Step {}
// SAFETY: as above.
unsafe impl Sync for Step {}

/// What came of a step that did not need its binding.
pub(super) enum Taken {
    /// The handler ran.
    Ran,
    /// Its guard does not hold.
    Rejected,
    /// The binding must be looked at.
    Look,
}

impl Step {
    /// The step of `binding`, which the step's table keeps.
    pub(crate) fn of(binding: &Binding) -> Self {
        let callee = &*binding.callee;
        let guard = match binding.guards.as_slice() {
            [] => Some((None, closure::NONE)),
            [guard] if !guard.post => {
                guard.check.callee.tested().map(|(test, closure)| (Some(test), closure))
            }
            _ => None,
        };
        let is_simple = callee.kind() == Kind::Kernel
            && binding.key.is_none()
            && binding.mailbox.is_none()
            && !binding.cancels;
        let (enter, closure) = callee.entered();
        let (test, test_closure) = guard.unwrap_or((None, closure::NONE));
        Self { enter: (is_simple && guard.is_some()).then_some(enter), closure, test, test_closure, callee }
    }

    /// Tests the guard and calls the handler, if it is that simple: a compare each for the two questions, a count, an indirect call.
    ///
    /// # Safety
    /// The step's table is marked; `frame` is one of its event that nobody else uses.
    #[inline(always)]
    pub(super) unsafe fn take(&self, frame: *mut (), slot: usize) -> Taken {
        let Some(enter) = self.enter else { return Taken::Look };
        // SAFETY: the table keeps the callee.
        let callee = unsafe { &*self.callee };
        // SAFETY: the guard was checked to be of the event, and nobody changes the frame while it looks at it.
        if self.test.is_some_and(|test| !unsafe { test(self.test_closure, frame) }) {
            callee.tally.reject(slot);
            return Taken::Rejected;
        }
        callee.tally.call(slot);
        // SAFETY: the callee was checked to be of the event.
        unsafe { enter(self.closure, frame) };
        Taken::Ran
    }
}
