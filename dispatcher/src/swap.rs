//! Atomic change of any set of bindings across any set of events.
//!
//! # Concepts
//! Every event of the swap gets a descriptor {old, new, status}; one store flips the status word that they share;
//! then the new tables replace the descriptors. A raise that meets a descriptor follows the status as it is then,
//! so each raise sees all of the old or all of the new bindings of its event, and once it has seen new ones, every
//! raise after it does too.

use crate::install::{Installed, changed, find, leave_fast_path, new_binding, publish, try_box};
use crate::reclaim::{Batch, Retired, Ticket, WRITERS, Writers};
use crate::table::{Descriptor, Table, tagged};
use crate::{EventCore, Handler, InstallError};
use alloc::boxed::Box;
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

/// One event's part of a swap.
struct Change {
    event: &'static EventCore,
    new: *mut Table,
    descriptor: NonNull<Descriptor>,
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
    /// [`InstallError::NotInstalled`], [`InstallError::NoSuchKey`], [`InstallError::OutOfMemory`]. Nothing has
    /// changed then, and the bindings to be removed are handed back.
    pub fn commit(self) -> Result<(Vec<Installed>, Ticket), (Vec<Installed>, InstallError)> {
        let mut writers = WRITERS.lock();
        let mut prepared = Prepared::default();
        match self.prepare(&mut writers, &mut prepared) {
            Ok((installed, batch)) => Ok((installed, prepared.carry_out(&mut writers, batch))),
            Err(error) => {
                prepared.undo();
                Err((self.remove, error))
            }
        }
    }

    /// Allocates everything, so that what follows cannot fail.
    fn prepare(
        &self,
        writers: &mut Writers,
        prepared: &mut Prepared,
    ) -> Result<(Vec<Installed>, Box<Batch>), InstallError> {
        let mut events: Vec<&'static EventCore> = Vec::new();
        let parts = self.remove.len() + self.add.len();
        events.try_reserve_exact(parts).map_err(|_| InstallError::OutOfMemory)?;
        let named = self.remove.iter().map(Installed::event).chain(self.add.iter().map(|(event, _)| *event));
        for event in named {
            if !events.contains(&event) {
                events.push(event);
            }
        }
        let batch = Batch::with_room(self.remove.len() + 2 * events.len())?;
        for gone in &self.remove {
            find(gone.event(), gone.id()).ok_or(InstallError::NotInstalled)?;
        }
        let mut installed = Vec::new();
        installed.try_reserve_exact(self.add.len()).map_err(|_| InstallError::OutOfMemory)?;
        prepared.changes.try_reserve_exact(events.len()).map_err(|_| InstallError::OutOfMemory)?;
        prepared.removed.try_reserve_exact(self.remove.len()).map_err(|_| InstallError::OutOfMemory)?;
        prepared.added.try_reserve_exact(self.add.len()).map_err(|_| InstallError::OutOfMemory)?;
        for (event, handler) in &self.add {
            let binding = new_binding(writers, event, *handler)?;
            installed.push(Installed::of(event, &binding));
            prepared.added.push((*event, NonNull::from(Box::leak(binding))));
        }
        for event in events {
            self.prepare_event(event, &batch, prepared)?;
        }
        let removed = self.remove.iter().filter_map(|gone| find(gone.event(), gone.id()));
        prepared.removed.extend(removed);
        Ok((installed, batch))
    }

    /// Builds the new table and the descriptor of one event.
    fn prepare_event(
        &self,
        event: &'static EventCore,
        batch: &Batch,
        prepared: &mut Prepared,
    ) -> Result<(), InstallError> {
        let mut table = changed(event, None, None)?;
        if let Some(table) = &mut table {
            table.bindings.retain(|binding| {
                // SAFETY: the writers' lock keeps the current table and its bindings.
                let id = unsafe { binding.as_ref() }.id;
                !self.remove.iter().any(|gone| gone.event() == event && gone.id() == id)
            });
        }
        let added = prepared.added.iter().filter(|(of, _)| *of == event);
        let mut table = match table {
            Some(table) => table,
            None => try_box(Table { bindings: Vec::new() })?,
        };
        table.bindings.try_reserve(added.clone().count()).map_err(|_| InstallError::OutOfMemory)?;
        table.bindings.extend(added.map(|(_, binding)| *binding));
        let old = event.table.load(Ordering::Relaxed);
        let descriptor = try_box(Descriptor { old, new: ptr::null(), status: &raw const batch.status })?;
        let new = if table.bindings.is_empty() { ptr::null_mut() } else { Box::into_raw(table) };
        let descriptor = Box::leak(descriptor);
        descriptor.new = new;
        prepared.changes.push(Change { event, new, descriptor: NonNull::from(descriptor) });
        Ok(())
    }
}

/// Everything that a swap needs, allocated and not yet visible to any raise.
#[derive(Default)]
struct Prepared {
    changes: Vec<Change>,
    added: Vec<(&'static EventCore, NonNull<crate::Binding>)>,
    removed: Vec<NonNull<crate::Binding>>,
}

impl Prepared {
    /// Puts the descriptors in, flips, and replaces them by the new tables.
    fn carry_out(self, writers: &mut Writers, mut batch: Box<Batch>) -> Ticket {
        for change in &self.changes {
            let word = tagged(change.descriptor.as_ptr());
            batch.push_table(change.event.table.swap(word, Ordering::AcqRel));
            leave_fast_path(change.event);
        }
        batch.status.store(true, Ordering::Release);
        for change in &self.changes {
            let word = publish(change.event, change.new);
            batch.push(Retired::Descriptor(change.descriptor, word));
        }
        for binding in &self.removed {
            batch.push(Retired::Binding(*binding));
        }
        writers.retire(batch)
    }

    /// Frees what was prepared for a swap that is refused.
    fn undo(self) {
        for change in self.changes {
            // SAFETY: made by `prepare_event` from a box and never published.
            drop(unsafe { Box::from_raw(change.descriptor.as_ptr()) });
            if let Some(new) = NonNull::new(change.new) {
                // SAFETY: as above.
                drop(unsafe { Box::from_raw(new.as_ptr()) });
            }
        }
        for (_, binding) in self.added {
            // SAFETY: made by `prepare` from a box and never published.
            drop(unsafe { Box::from_raw(binding.as_ptr()) });
        }
    }
}
