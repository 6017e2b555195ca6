//! Guards that are code: what decides, raise by raise, whether a handler is called.

use crate::raw::callee::{Callee, Code};
use crate::raw::closure::{self, Closure};
use crate::raw::shared::Shared;
use crate::sync::{AtomicU64, Ordering, global};
use crate::tally::Tally;
use crate::{BindingId, EventCore, InstallError, Owner};
use spindle_abi::{Declaration, EventSpec};

/// A guard. It looks at the frame and changes nothing.
///
/// A handler has at most one of its own; those who hold the binding's descriptor, and the event's authorizer, can impose more.
#[derive(Clone, Debug)]
#[must_use = "a guard does nothing until a handler has it"]
pub struct Guard {
    pub(crate) check: Shared<Check>,
    /// Whether it is evaluated after the handler.
    pub(crate) post: bool,
    /// Whether it is the handler's own, which nobody lifts, though the same guard may be imposed as well.
    pub(crate) is_own: bool,
}

/// A guard as bindings share it.
#[derive(Debug)]
pub(crate) struct Check {
    pub(crate) callee: Callee,
    pub(crate) id: GuardId,
    takes: Option<&'static Declaration>,
}

/// The number of a guard, different for every one ever made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct GuardId(u64);

global! {
    static LAST: AtomicU64 = AtomicU64::new(0);
}

impl Guard {
    /// A guard of the kernel.
    ///
    /// # Errors
    /// [`InstallError::OutOfMemory`]
    pub fn kernel<E: EventSpec>(
        holds: impl Fn(&E::Frame<'_>) -> bool + Send + Sync + 'static,
    ) -> Result<Self, InstallError> {
        let test = closure::guard::<E, _>(&holds);
        Self::try_new(Code::test(test, E::DECLARATION, Closure::try_new(holds)?))
    }

    pub(crate) fn try_new(code: Code) -> Result<Self, InstallError> {
        let id = GuardId(LAST.fetch_add(1, Ordering::Relaxed) + 1);
        let takes = code.takes;
        let callee = Callee::new(code, BindingId::NONE, Tally::default());
        Ok(Self { check: Shared::try_new(Check { callee, id, takes })?, post: false, is_own: false })
    }

    /// The same guard, evaluated after the handler, on the frame as that left it. If it is false, the handler counts as not having
    /// run: its result is discarded.
    pub fn post(self) -> Self {
        Self { post: true, ..self }
    }

    /// The same as a handler's own.
    pub(crate) fn own(self) -> Self {
        Self { is_own: true, ..self }
    }

    /// Whether it is the imposed guard `id`.
    pub(crate) fn is_imposed(&self, id: GuardId) -> bool {
        !self.is_own && self.check.id == id
    }

    /// Whose it is.
    pub fn owner(&self) -> Owner {
        self.check.callee.owner()
    }

    /// Whether it is evaluated after the handler.
    pub fn is_post(&self) -> bool {
        self.post
    }

    /// Whether it can guard handlers of `event`.
    pub(crate) fn check(&self, event: &EventCore) -> Result<(), InstallError> {
        if event.is_interrupt() && self.owner() != event.owner() {
            return Err(InstallError::SynchronousInInterrupt(event.declaration().name));
        }
        match self.check.takes.filter(|of| of.fingerprint != event.declaration().fingerprint) {
            Some(of) => Err(InstallError::OtherEvent(of.name)),
            None => Ok(()),
        }
    }
}
