//! The way into a raise: straight to the only callee, or through the event's entry.

use super::callee::KernelFn;
use super::strand::Crossed;
use crate::event::EventCore;
use crate::outcome::Outcome;
use crate::recorder::What;
use crate::sync::Ordering;
use crate::{RaiseError, Strand};
use core::ptr;
use spindle_abi::EventSpec;

impl EventCore {
    /// Raises the event, whose specification is `E` and whose strands are `S`: [`Event`](crate::Event) says so.
    ///
    /// A load, a test, and the crossing; or a second load and an indirect call.
    #[inline(always)]
    pub(crate) fn raise<E: EventSpec, S: Strand>(
        &'static self,
        strand: &S,
        frame: &mut E::Frame<'_>,
    ) -> Result<(), RaiseError> {
        let erased = ptr::from_mut(frame).cast::<()>();
        let initial = *E::result(frame);
        loop {
            let native = self.native.load(Ordering::Acquire);
            if native.is_null() {
                // SAFETY: INV-DISP-3; only `KernelFn`s are ever stored there.
                let entry: KernelFn = unsafe { core::mem::transmute(self.entry.load(Ordering::Acquire)) };
                // SAFETY: INV-DISP-1 and INV-DISP-3; `frame` is ours until it returns.
                return Outcome::result(unsafe { entry(self, erased, ptr::from_ref(strand).cast()) });
            }
            // SAFETY: `native` was read from the source; INV-DISP-4 keeps it while marked; INV-DISP-1.
            match unsafe { strand.cross(&self.native, native, erased) } {
                Crossed::Returned => {
                    return Outcome::result(Outcome::of_only_handler::<E>(frame, initial).word());
                }
                // Somebody changed the bindings just now: see what they are.
                Crossed::Stale => {}
                Crossed::Faulted => {
                    *E::result(frame) = initial;
                    return Err(RaiseError::Fault(self.failed(strand, What::Faulted)));
                }
                Crossed::Declined => return Err(RaiseError::Busy(self.failed(strand, What::Busy))),
            }
        }
    }
}
