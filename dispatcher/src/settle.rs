//! Publishing a table, and choosing the way into the event that fits it.

use crate::binding::Binding;
use crate::event::EventCore;
use crate::observe::Watch;
use crate::raw::callee::Callee;
use crate::raw::owned::Owned;
use crate::raw::shared::Shared;
use crate::reclaim::WRITERS;
use crate::recorder::{What, record};
use crate::sync::{Ordering, fence};
use crate::table::Table;
use crate::{BindingId, Owner, Strand};
use core::ptr;

/// Makes `new` the event's table, sets the fast path to fit, and returns the table that was there, if one was.
pub(crate) fn publish(event: &EventCore, new: Owned<Table>) -> Option<Owned<Table>> {
    // First, or a strand that has met the new table could then meet the old callee on the fast path.
    leave_fast_path(event);
    let old = event.put_table((!new.is_empty()).then_some(new));
    settle(event);
    old
}

/// Has every event take the way that fits what is watched now.
pub(crate) fn settle_all() {
    WRITERS.lock().events().for_each(settle);
}

/// Chooses the way into the event; the caller holds the writers' lock.
fn settle(event: &EventCore) {
    harvest(event);
    leave_fast_path(event);
    let table = event.current();
    if table.is_empty() && !Watch::now().is_on() {
        return event.entry.store(event.unheard as *mut (), Ordering::Release);
    }
    if table.index.sole().is_some() && !Watch::now().is_on() {
        return event.entry.store(event.keyed as *mut (), Ordering::Release);
    }
    let Some(only) = only_callee(table, event) else { return };
    match only.direct.filter(|_| event.is_direct()) {
        Some(direct) => {
            event.direct.store(Shared::address(only), Ordering::Relaxed);
            event.entry.store(direct as *mut (), Ordering::Release);
        }
        None if only.is_entered_by_crossing(event) => enter_native(event, only),
        None => {}
    }
}

/// The callee that alone decides what a raise comes to, if there is one.
fn only_callee<'a>(table: &'a Table, event: &EventCore) -> Option<&'a Shared<Callee>> {
    let [only] = table.handlers.as_slice() else { return None };
    let is_alone = only.is_plain && !event.is_asynchronous() && !Watch::now().is_on();
    // The default handler of a chain answers what the only handler passes on.
    let decides = !event.is_chained() || table.default.is_none();
    (is_alone && decides).then_some(&only.callee)
}

impl Callee {
    /// Whether a raise may cross into it without looking at a table: the kernel's own code is not to be blamed for a fault, so
    /// where crossings contain faults it is called by the general path.
    fn is_entered_by_crossing(&self, event: &EventCore) -> bool {
        self.kind() == crate::Kind::Extension || !event.is_direct()
    }
}

fn enter_native(event: &EventCore, only: &Shared<Callee>) {
    event.native.store(Shared::address(only), Ordering::Release);
    // Either this sees that the owner was just disabled, or whoever does that sees the line above.
    fence(Ordering::SeqCst);
    if only.is_disabled() {
        event.native.store(ptr::null_mut(), Ordering::Release);
    }
}

/// Sends every raise that begins later through the table.
pub(crate) fn leave_fast_path(event: &EventCore) {
    event.entry.store(event.indirect as *mut (), Ordering::Release);
    event.native.store(ptr::null_mut(), Ordering::Release);
}

/// Gives the calls that the event itself has counted to the callee that was called.
fn harvest(event: &EventCore) {
    let direct = event.direct.swap(ptr::null_mut(), Ordering::Relaxed);
    if direct.is_null() {
        return;
    }
    let calls = event.direct_calls().swap(0, Ordering::Relaxed);
    let mut callees = event.current().bindings().map(|binding: &Shared<Binding>| &binding.callee);
    if let Some(callee) = callees.find(|callee| Shared::address(callee) == direct) {
        callee.tally.calls(0, calls);
    }
}

impl EventCore {
    /// Stops everything of `owner` from being entered again, at once; the bindings stay until uninstalled.
    ///
    /// Takes no lock and allocates nothing, so that it can be used where a fault is handled.
    ///
    /// # Panics
    /// If the event is raised by strands of another type.
    pub fn disable_owner<S: Strand>(&'static self, strand: &S, owner: Owner) {
        assert!(self.is_raised_by::<S>(), "a strand marks what its own kind of strands may be using");
        self.with_table(strand, |table| {
            let imposed = table.imposed.iter().map(|guard| &guard.check.callee);
            let callees = table.bindings().flat_map(|binding| binding.callees()).chain(imposed);
            for callee in callees.filter(|callee| callee.owner() == owner) {
                if callee.disable() && callee.id() != BindingId::NONE {
                    record(S::now(), self, callee.id(), owner, What::Disabled);
                }
                // Either this sees what an install has just published, or the install sees the line above.
                fence(Ordering::SeqCst);
                let native = ptr::from_ref(callee).cast_mut();
                // Losing the race means that somebody took it out already.
                let _ = self.native.compare_exchange(
                    native,
                    ptr::null_mut(),
                    Ordering::AcqRel,
                    Ordering::Relaxed,
                );
            }
        });
    }

    /// Shows every binding, handlers first, in the order in which they are called.
    ///
    /// # Panics
    /// If the event is raised by strands of another type.
    pub fn for_each_binding<S: Strand>(&self, strand: &S, mut see: impl FnMut(crate::BindingView<'_>)) {
        assert!(self.is_raised_by::<S>(), "a strand marks what its own kind of strands may be using");
        self.with_table(strand, |table| {
            table.bindings().for_each(|binding| see(crate::BindingView::new(self, binding)));
        });
    }
}
