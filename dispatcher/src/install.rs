//! The writers' side: installing and uninstalling while raises are running.
//!
//! # Locking
//! One lock for all writers, held for as long as it takes to build a table. Raises never take it.
//!
//! # Invariants
//! - `INV-DISP-5`: entering the native state stores `entry` first and `native` last; leaving it clears `native`
//!   after `entry` is right, so that at every instant a raise finds something callable.

use crate::binding::Binding;
use crate::reclaim::{Batch, Retired, Ticket, WRITERS, Writers};
use crate::table::{self, Table};
use crate::{EventCore, Handler, InstallError};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering;

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
/// [`InstallError::NoSuchKey`] if the guard is on a field that the event does not declare;
/// [`InstallError::OutOfMemory`]. Nothing has changed then.
pub fn install(event: &'static EventCore, handler: Handler) -> Result<Installed, InstallError> {
    let mut writers = WRITERS.lock();
    let binding = new_binding(&mut writers, event, handler)?;
    let installed = Installed::of(event, &binding);
    let table = changed(event, None, Some(binding))?;
    let batch = Batch::with_room(1)?;
    // Nobody waits for the table that an install replaces; the next collection frees it.
    let _ticket = retire_and_publish(&mut writers, event, table, batch);
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
    let prepared =
        changed(event, Some(installed.id), None).and_then(|table| Ok((table, Batch::with_room(2)?)));
    match prepared {
        Ok((table, mut batch)) => {
            batch.push(Retired::Binding(gone));
            Ok(retire_and_publish(&mut writers, event, table, batch))
        }
        Err(error) => Err((installed, error)),
    }
}

/// Allocates the binding of `handler`, checked against `event`.
pub(crate) fn new_binding(
    writers: &mut Writers,
    event: &EventCore,
    handler: Handler,
) -> Result<Box<Binding>, InstallError> {
    if let Some(guard) = &handler.key {
        guard.check(event.keys())?;
    }
    try_box(Binding::new(handler, writers.next_id()))
}

/// The binding of `event` with this id.
pub(crate) fn find(event: &EventCore, id: u64) -> Option<NonNull<Binding>> {
    table::current(&event.table).bindings().find(|binding| binding.id == id).map(NonNull::from)
}

/// The table of `event` without the binding `remove` and with `add` at its end; `None` where it is empty.
pub(crate) fn changed(
    event: &EventCore,
    remove: Option<u64>,
    add: Option<Box<Binding>>,
) -> Result<Option<Box<Table>>, InstallError> {
    let old = table::current(&event.table);
    let mut bindings = Vec::new();
    bindings.try_reserve_exact(old.bindings.len() + 1).map_err(|_| InstallError::OutOfMemory)?;
    bindings.extend(old.bindings().filter(|binding| Some(binding.id) != remove).map(NonNull::from));
    if bindings.is_empty() && add.is_none() {
        return Ok(None);
    }
    let mut table = try_box(Table { bindings })?;
    // The last step cannot fail, so a refused install leaks nothing: the box is given up only here.
    table.bindings.extend(add.map(|binding| NonNull::from(Box::leak(binding))));
    Ok(Some(table))
}

/// Publishes `table` as the event's and retires the one before, with what `batch` holds already.
fn retire_and_publish(
    writers: &mut Writers,
    event: &EventCore,
    table: Option<Box<Table>>,
    mut batch: Box<Batch>,
) -> Ticket {
    let old = publish(event, table.map_or(ptr::null_mut(), Box::into_raw));
    batch.push_table(old);
    writers.retire(batch)
}

/// Makes `new` the event's table, sets the fast path to fit, and returns the word that was there.
pub(crate) fn publish(event: &EventCore, new: *mut Table) -> *mut Table {
    let old = event.table.swap(new, Ordering::AcqRel);
    let only = match table::current(&event.table).bindings.as_slice() {
        // SAFETY: the table was just published and the writers' lock keeps it.
        [only] => Some(unsafe { only.as_ref() }).filter(|only| only.key.is_none()),
        _ => None,
    };
    let general = event.general as *mut ();
    match only {
        Some(only) if only.kernel.is_none() => {
            event.entry.store(general, Ordering::Release);
            event.native.store(ptr::from_ref(only).cast_mut(), Ordering::Release);
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

/// `Box::new` that reports exhaustion instead of aborting.
pub(crate) fn try_box<T>(value: T) -> Result<Box<T>, InstallError> {
    let mut one = Vec::new();
    one.try_reserve_exact(1).map_err(|_| InstallError::OutOfMemory)?;
    one.push(value);
    let slice: *mut [T] = Box::into_raw(one.into_boxed_slice());
    // SAFETY: a boxed slice of one element has the layout of a box of that element, and came from the same allocator.
    Ok(unsafe { Box::from_raw(slice.cast::<T>()) })
}
