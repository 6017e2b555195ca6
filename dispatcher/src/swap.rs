//! Atomic change of any set of bindings across any set of events.
//!
//! # Concepts
//! Every event of the swap gets a descriptor {old, new, status}; one store flips the status word that they share;
//! then the new tables replace the descriptors. A raise that meets a descriptor follows the status as it is then,
//! so each raise sees all of the old or all of the new bindings of its event, and once it has seen new ones, every
//! raise after it does too.

use crate::install::{Installed, find, leave_fast_path, new_binding, publish, rebuilt};
use crate::owned::Owned;
use crate::reclaim::{Batch, Retired, Ticket, WRITERS, Writers};
use crate::table::{Descriptor, Table, tagged};
use crate::{Binding, EventCore, Handler, InstallError};
use alloc::vec::Vec;
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering;

/// A swap being put together.
#[derive(Debug, Default)]
#[must_use = "nothing changes before `commit`"]
pub struct Swap {
    remove: Vec<Installed>,
    add: Vec<(&'static EventCore, Handler)>,
}

impl Swap {
    /// A swap of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes `installed` away.
    pub fn remove(mut self, installed: Installed) -> Self {
        self.remove.push(installed);
        self
    }

    /// Binds `handler` to `event`.
    pub fn add(mut self, event: &'static EventCore, handler: Handler) -> Self {
        self.add.push((event, handler));
        self
    }

    /// Makes all the changes as one. Returns the added bindings in the order of [`Swap::add`], and the ticket of
    /// all that was taken away.
    ///
    /// # Errors
    /// [`InstallError::NotInstalled`] for a binding to be removed, what [`install`](crate::install()) refuses in a
    /// handler to be added, [`InstallError::OutOfMemory`]. Nothing has changed then, and the bindings to be removed
    /// are handed back.
    pub fn commit(self) -> Result<(Vec<Installed>, Ticket), (Vec<Installed>, InstallError)> {
        let mut writers = WRITERS.lock();
        match self.prepare(&mut writers) {
            Ok(prepared) => Ok(prepared.carry_out(&mut writers)),
            Err(error) => Err((self.remove, error)),
        }
    }

    /// Allocates everything, so that what follows cannot fail.
    fn prepare(&self, writers: &mut Writers) -> Result<Prepared, InstallError> {
        let events = self.events()?;
        let mut prepared = Prepared::with_room(self, events.len())?;
        for gone in &self.remove {
            let binding = find(gone.event(), gone.id()).ok_or(InstallError::NotInstalled)?;
            prepared.removed.push(binding);
        }
        for (event, handler) in &self.add {
            let binding = new_binding(writers, event, *handler)?;
            prepared.installed.push(Installed::of(event, &binding));
            prepared.added.push((*event, binding));
        }
        for event in events {
            prepared.change(event, &self.remove)?;
        }
        Ok(prepared)
    }

    /// Every event that the swap names, once.
    fn events(&self) -> Result<Vec<&'static EventCore>, InstallError> {
        let mut events = with_room(self.remove.len() + self.add.len())?;
        let named = self.remove.iter().map(Installed::event).chain(self.add.iter().map(|(event, _)| *event));
        for event in named {
            if !events.contains(&event) {
                events.push(event);
            }
        }
        Ok(events)
    }
}

/// Everything that a swap needs, allocated and not yet visible to any raise; dropping it undoes all.
struct Prepared {
    changes: Vec<Change>,
    added: Vec<(&'static EventCore, Owned<Binding>)>,
    installed: Vec<Installed>,
    removed: Vec<NonNull<Binding>>,
    batch: Owned<Batch>,
}

/// One event's part of a swap.
struct Change {
    event: &'static EventCore,
    new: Option<Owned<Table>>,
    descriptor: Owned<Descriptor>,
}

impl Prepared {
    fn with_room(swap: &Swap, events: usize) -> Result<Self, InstallError> {
        Ok(Self {
            changes: with_room(events)?,
            added: with_room(swap.add.len())?,
            installed: with_room(swap.add.len())?,
            removed: with_room(swap.remove.len())?,
            batch: Batch::with_room(swap.remove.len() + 2 * events)?,
        })
    }

    /// Builds the new table and the descriptor of one event.
    fn change(&mut self, event: &'static EventCore, remove: &[Installed]) -> Result<(), InstallError> {
        let goes =
            |binding: &Binding| remove.iter().any(|gone| gone.event() == event && gone.id() == binding.id());
        let added = self.added.iter().filter(|(of, _)| *of == event).map(|(_, binding)| binding.pointer());
        let mut table = rebuilt(event, |binding| !goes(binding), added.clone().count())?;
        table.bindings.extend(added);
        let new = table.unless_empty();
        let descriptor = Owned::try_new(Descriptor {
            old: event.table.load(Ordering::Relaxed),
            new: new.as_ref().map_or(ptr::null(), |table| table.pointer().as_ptr()),
            status: &raw const self.batch.status,
        })?;
        self.changes.push(Change { event, new, descriptor });
        Ok(())
    }

    /// Puts the descriptors in, flips, and replaces them by the new tables.
    fn carry_out(self, writers: &mut Writers) -> (Vec<Installed>, Ticket) {
        let Self { changes, added, installed, removed, mut batch } = self;
        for (_, binding) in added {
            // The new tables hold the pointer.
            let _ = binding.publish();
        }
        for change in &changes {
            let word = tagged(change.descriptor.pointer().as_ptr());
            batch.push_table(change.event.table.swap(word, Ordering::AcqRel));
            leave_fast_path(change.event);
        }
        batch.status.store(true, Ordering::Release);
        for Change { event, new, descriptor } in changes {
            publish(event, new);
            batch.push(Retired::Descriptor(descriptor));
        }
        removed.into_iter().for_each(|binding| batch.push_binding(binding));
        (installed, writers.retire(batch))
    }
}

/// An empty list with room for `items`.
fn with_room<T>(items: usize) -> Result<Vec<T>, InstallError> {
    let mut list = Vec::new();
    list.try_reserve_exact(items).map_err(|_| InstallError::OutOfMemory)?;
    Ok(list)
}
