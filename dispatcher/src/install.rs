//! The writers' side: installing and uninstalling while raises are running.
//!
//! # Locking
//! One lock for all writers, held for as long as it takes to build a table. Raises never take it.
//!
//! # Invariants
//! - `INV-DISP-5`: entering the native state stores `entry` first and `native` last; leaving it clears `native`
//!   after `entry` is right, so that at every instant a raise finds something callable.

use crate::binding::Binding;
use crate::owned::Owned;
use crate::reclaim::{Batch, Ticket, WRITERS, Writers};
use crate::table::{self, Table};
use crate::{EventCore, Handler, InstallError};
use alloc::vec::Vec;
use core::ptr::{self, NonNull};
use core::sync::atomic::{Ordering, fence};

/// A binding that is installed: what its owner keeps in order to take it away again.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "without this the binding can never be uninstalled"]
pub struct Installed {
    event: &'static EventCore,
    id: u64,
}

impl PartialEq for EventCore {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self, other)
    }
}

impl Eq for EventCore {}

impl Installed {
    /// The event that the handler is bound to.
    pub fn event(&self) -> &'static EventCore {
        self.event
    }

    pub(crate) fn of(event: &'static EventCore, binding: &Binding) -> Self {
        Self { event, id: binding.id }
    }

    /// The binding's number, different for every one ever installed.
    pub fn id(&self) -> u64 {
        self.id
    }
}

/// Binds `handler` to `event`, after those that are bound already.
///
/// O(bindings of the event) with one lock and three allocations; raises meanwhile see the old or the new table.
///
/// # Errors
/// [`InstallError::NoSuchKey`] or [`InstallError::KeyKind`] if the guard does not fit the event's key fields;
/// [`InstallError::OtherEvent`] if the handler is another event's; [`InstallError::OutOfMemory`]. Nothing has
/// changed then.
pub fn install(event: &'static EventCore, handler: Handler) -> Result<Installed, InstallError> {
    let mut writers = WRITERS.lock();
    let binding = new_binding(&mut writers, event, handler)?;
    let mut table = rebuilt(event, |_| true, 1)?;
    let batch = Batch::with_room(1)?;
    let installed = Installed::of(event, &binding);
    // From here on nothing can fail, so a refused install leaks nothing: the binding is given up only now.
    table.bindings.push(binding.publish());
    // Nobody waits for the table that an install replaces; the next collection frees it.
    let _ticket = publish_and_retire(&mut writers, event, table, batch);
    Ok(installed)
}

/// Takes a binding away; raises that begin later do not see it.
///
/// The ticket says when no raise can still be inside it; until then its code and closure must stay.
///
/// # Errors
/// [`InstallError::NotInstalled`]; [`InstallError::OutOfMemory`], which hands the binding back untouched.
pub fn uninstall(installed: Installed) -> Result<Ticket, (Installed, InstallError)> {
    let mut writers = WRITERS.lock();
    let event = installed.event;
    let Some(gone) = find(event, installed.id) else {
        return Err((installed, InstallError::NotInstalled));
    };
    let table = rebuilt(event, |binding| binding.id != installed.id, 0);
    match table.and_then(|table| Ok((table, Batch::with_room(2)?))) {
        Ok((table, mut batch)) => {
            batch.push_binding(gone);
            Ok(publish_and_retire(&mut writers, event, table, batch))
        }
        Err(error) => Err((installed, error)),
    }
}

/// Allocates the binding of `handler`, checked against `event`.
pub(crate) fn new_binding(
    writers: &mut Writers,
    event: &EventCore,
    handler: Handler,
) -> Result<Owned<Binding>, InstallError> {
    if let Some(of) = handler.event.filter(|of| of.fingerprint != event.declaration().fingerprint) {
        return Err(InstallError::OtherEvent(of.name));
    }
    if let Some(guard) = &handler.key {
        guard.check(event.keys())?;
    }
    Owned::try_new(Binding::new(handler, writers.next_id()))
}

/// The binding of `event` with this id.
pub(crate) fn find(event: &EventCore, id: u64) -> Option<NonNull<Binding>> {
    table::current(&event.table).bindings().find(|binding| binding.id == id).map(NonNull::from)
}

/// A new table of `event`, with those of its bindings that `keeps` leaves and room for `more`.
pub(crate) fn rebuilt(
    event: &EventCore,
    keeps: impl Fn(&Binding) -> bool,
    more: usize,
) -> Result<Owned<Table>, InstallError> {
    let old = table::current(&event.table);
    let mut bindings = Vec::new();
    bindings.try_reserve_exact(old.bindings.len() + more).map_err(|_| InstallError::OutOfMemory)?;
    bindings.extend(old.bindings().filter(|binding| keeps(binding)).map(NonNull::from));
    Owned::try_new(Table { bindings })
}

/// Publishes `table` as the event's and retires the one before, with what `batch` holds already.
fn publish_and_retire(
    writers: &mut Writers,
    event: &EventCore,
    table: Owned<Table>,
    mut batch: Owned<Batch>,
) -> Ticket {
    let old = publish(event, table.unless_empty());
    batch.push_table(old);
    writers.retire(batch)
}

/// Makes `new` the event's table, sets the fast path to fit, and returns the word that was there.
pub(crate) fn publish(event: &EventCore, new: Option<Owned<Table>>) -> *mut Table {
    let new = new.map_or(ptr::null_mut(), |table| table.publish().as_ptr());
    let old = event.table.swap(new, Ordering::AcqRel);
    let mut bindings = table::current(&event.table).bindings();
    let only = bindings.next().filter(|only| only.key.is_none() && bindings.next().is_none());
    let general = event.general as *mut ();
    match only {
        Some(only) if only.kernel.is_none() => {
            event.entry.store(general, Ordering::Release);
            event.native.store(ptr::from_ref(only).cast_mut(), Ordering::Release);
            // Either this sees that the owner was just disabled, or whoever does that sees the line above.
            fence(Ordering::SeqCst);
            if only.is_disabled() {
                event.native.store(ptr::null_mut(), Ordering::Release);
            }
        }
        Some(Binding { kernel: Some(kernel), .. }) if event.direct_kernel => {
            event.entry.store(*kernel as *mut (), Ordering::Release);
            event.native.store(ptr::null_mut(), Ordering::Release);
        }
        _ => leave_fast_path(event),
    }
    old
}

/// Sends every raise that begins later through the general path.
pub(crate) fn leave_fast_path(event: &EventCore) {
    event.entry.store(event.general as *mut (), Ordering::Release);
    event.native.store(ptr::null_mut(), Ordering::Release);
}
