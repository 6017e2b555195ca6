//! Atomic change of any set of bindings across any set of events. Everything that changes bindings is one of these.
//!
//! # Concepts
//! Every event of the swap gets a descriptor {old, new, status}; one store flips the status word that they share;
//! then the new tables replace the descriptors. A raise that meets a descriptor follows the status as it is then,
//! so each raise sees all of the old or all of the new bindings of its event, and once it has seen new ones, every
//! raise after it does too. A change of one event alone needs no descriptor: its table is replaced by one store.
//!
//! # Invariants
//! - `INV-SWAP-1`: everything is allocated before anything changes, so that a swap either fails whole or cannot fail any more.

use crate::authorize::Wish;
use crate::deliver;
use crate::edit::{Edit, edited};
use crate::event::EventCore;
use crate::install::{Bound, Imposed, Installed};
use crate::raw::mailbox::Mailbox;
use crate::raw::owned::Owned;
use crate::raw::shared::Shared;
use crate::reclaim::{Batch, Retired, Ticket, WRITERS, Writers, with_room};
use crate::recorder::{What, record};
use crate::settle::{leave_fast_path, publish};
use crate::sync::Ordering;
use crate::table::Descriptor;
use crate::{BindingId, Guard, InstallError};
use alloc::vec::Vec;
use core::ptr;

/// A change being put together.
#[derive(Debug, Default)]
#[must_use = "nothing changes before `commit`"]
pub struct Swap {
    pub(crate) remove: Vec<Installed>,
    pub(crate) add: Vec<Bound>,
    pub(crate) impose: Vec<Imposition>,
    pub(crate) lift: Vec<Imposed>,
}

/// A guard to be imposed.
#[derive(Debug)]
pub(crate) struct Imposition {
    pub(crate) event: &'static EventCore,
    /// On which binding; on all handlers of somebody else if `None`.
    pub(crate) on: Option<BindingId>,
    pub(crate) guard: Guard,
}

impl Swap {
    /// A swap of nothing. Whoever must go on when memory is out begins with [`Swap::with_room`].
    pub fn new() -> Self {
        Self::default()
    }

    /// A swap of nothing that can take up as many bindings to remove, as many to add, as many guards to impose and as many to lift,
    /// without allocating.
    ///
    /// # Errors
    /// [`InstallError::OutOfMemory`]
    pub fn with_room(bindings: usize, guards: usize) -> Result<Self, InstallError> {
        Ok(Self {
            remove: with_room(bindings)?,
            add: with_room(bindings)?,
            impose: with_room(guards)?,
            lift: with_room(guards)?,
        })
    }

    /// Takes `installed` away.
    pub fn remove(mut self, installed: Installed) -> Self {
        self.remove.push(installed);
        self
    }

    /// Installs `bound`.
    #[allow(clippy::should_implement_trait, reason = "it is what is done to the set, and no sum")]
    pub fn add(mut self, bound: Bound) -> Self {
        self.add.push(bound);
        self
    }

    /// Imposes `guard` on a binding.
    pub fn impose(mut self, on: &Installed, guard: Guard) -> Self {
        self.impose.push(Imposition { event: on.event, on: Some(on.id), guard });
        self
    }

    /// Imposes `guard` on every handler of somebody else than the owners of guard and event, those to come included. Lift it by
    /// [`Swap::imposed`].
    ///
    /// # Errors
    /// [`InstallError::Denied`] if the guard's owner may not, [`InstallError::OutOfMemory`].
    pub fn impose_on_all(mut self, event: &'static EventCore, guard: Guard) -> Result<Self, InstallError> {
        if event.authorize(guard.owner(), Wish::Impose(&guard))?.is_some() {
            let by = event.declaration().name;
            return Err(InstallError::Denied { by, why: "no guard is granted under another guard" });
        }
        self.impose.try_reserve(1).map_err(|_| InstallError::OutOfMemory)?;
        self.impose.push(Imposition { event, on: None, guard });
        Ok(self)
    }

    /// What lifts the guards that this swap imposes, in the order in which they were added.
    pub fn imposed(&self) -> impl Iterator<Item = Imposed> {
        self.impose
            .iter()
            .map(|imposition| Imposed { event: imposition.event, guard: imposition.guard.check.id })
    }

    /// Lifts a guard from everything that it was imposed on.
    pub fn lift(mut self, imposed: Imposed) -> Self {
        self.lift.push(imposed);
        self
    }

    /// Makes all the changes as one. Returns the added bindings in the order of [`Swap::add`], and the ticket of
    /// all that was taken away.
    ///
    /// # Errors
    /// [`InstallError::NotInstalled`] for a binding or guard that is not there, [`InstallError::Occupied`],
    /// [`InstallError::NoSuchBinding`], [`InstallError::OutOfMemory`]. Nothing has changed then, and the swap is handed back.
    #[allow(clippy::result_large_err, reason = "a change that fails is handed back whole, and is rare")]
    pub fn commit(self) -> Result<(Vec<Installed>, Ticket), (Self, InstallError)> {
        let mut writers = WRITERS.lock();
        match self.prepare(&mut writers) {
            Ok(prepared) => Ok(prepared.carry_out(&self, &mut writers)),
            Err(error) => {
                // What the swap holds may be somebody's closures: they are not dropped under the lock.
                drop(writers);
                Err((self, error))
            }
        }
    }

    /// Allocates everything, so that what follows cannot fail.
    fn prepare(&self, writers: &mut Writers) -> Result<Prepared, InstallError> {
        let events = self.events()?;
        let mut changes = with_room(events.len())?;
        let mut gone = 0;
        for &event in &events {
            let edit = edited(event, self)?;
            gone += edit.gone.len();
            changes.push(Change { event, edit, descriptor: None });
            note(writers, event)?;
        }
        deliver::reserve(self.mailboxes().count())?;
        let batch = Batch::with_room(gone + 2 * events.len())?;
        if changes.len() > 1 {
            changes.iter_mut().try_for_each(|change| change.make_descriptor(&batch))?;
        }
        let mut installed = with_room(self.add.len())?;
        installed.extend(self.add.iter().map(|bound| Installed { event: bound.event, id: bound.id() }));
        Ok(Prepared { changes, installed, batch })
    }

    /// Every event that the swap names, once.
    fn events(&self) -> Result<Vec<&'static EventCore>, InstallError> {
        let removed = self.remove.iter().map(Installed::event);
        let added = self.add.iter().map(Bound::event);
        let imposed = self.impose.iter().map(|imposition| imposition.event);
        let lifted = self.lift.iter().map(|imposed| imposed.event);
        let mut events: Vec<&'static EventCore> = Vec::new();
        for event in removed.chain(added).chain(imposed).chain(lifted) {
            if events.last() != Some(&event) && !events.contains(&event) {
                events.try_reserve(1).map_err(|_| InstallError::OutOfMemory)?;
                events.push(event);
            }
        }
        Ok(events)
    }

    /// The mailboxes of what is added.
    fn mailboxes(&self) -> impl Iterator<Item = &Shared<Mailbox>> {
        self.add.iter().filter_map(|bound| bound.binding.mailbox.as_ref())
    }

    /// Whether `guard` was imposed and is to be lifted from `event`.
    pub(crate) fn lifts(&self, event: &EventCore, guard: &Guard) -> bool {
        self.lift.iter().any(|imposed| guard.is_imposed(imposed.guard) && imposed.event == event)
    }
}

/// Everything that a swap needs, allocated and not yet visible to any raise; dropping it undoes all.
struct Prepared {
    changes: Vec<Change>,
    installed: Vec<Installed>,
    batch: Owned<Batch>,
}

/// One event's part of a swap.
struct Change {
    event: &'static EventCore,
    edit: Edit,
    descriptor: Option<Owned<Descriptor>>,
}

impl Change {
    fn make_descriptor(&mut self, batch: &Batch) -> Result<(), InstallError> {
        let old = self.event.table.load(Ordering::Relaxed);
        let new = match self.edit.table.is_empty() {
            true => ptr::null(),
            false => self.edit.table.pointer().as_ptr().cast_const(),
        };
        let descriptor = Descriptor { old, new, status: &raw const batch.status };
        self.descriptor = Some(Owned::try_new(descriptor)?);
        Ok(())
    }
}

impl Prepared {
    /// Puts the descriptors in, flips, and replaces them by the new tables; of one event, replaces the table at once.
    fn carry_out(self, swap: &Swap, writers: &mut Writers) -> (Vec<Installed>, Ticket) {
        let Self { changes, installed, mut batch } = self;
        swap.mailboxes().for_each(|mailbox| deliver::register(mailbox.clone()));
        for Change { event, descriptor, .. } in &changes {
            let Some(descriptor) = descriptor else { continue };
            batch.extend(event.put_descriptor(descriptor).map(Retired::Table));
            leave_fast_path(event);
        }
        batch.status.store(true, Ordering::Release);
        for Change { event, edit, descriptor } in changes {
            edit.announce(event, swap);
            batch.extend(publish(event, edit.table).map(Retired::Table));
            batch.extend(descriptor.map(Retired::Descriptor));
            for (binding, is_uninstalled) in edit.gone {
                if let Some(mailbox) = binding.mailbox.as_ref().filter(|_| is_uninstalled) {
                    mailbox.close();
                    deliver::unregister(mailbox);
                }
                batch.extend([Retired::Callee(binding.callee.clone())]);
            }
        }
        (installed, writers.retire(batch))
    }
}

impl Edit {
    /// Notes in the flight recorder what is about to change.
    fn announce(&self, event: &'static EventCore, swap: &Swap) {
        let time = event.now();
        let is_swap = !swap.add.is_empty() && !swap.remove.is_empty();
        for (binding, _) in self.gone.iter().filter(|(_, is_uninstalled)| *is_uninstalled) {
            record(time, event, binding.callee.id(), binding.callee.owner(), What::Uninstalled);
        }
        let what = if is_swap { What::Swapped } else { What::Installed };
        for bound in swap.add.iter().filter(|bound| bound.event == event) {
            record(time, event, bound.id(), bound.binding.callee.owner(), what);
        }
        for imposition in swap.impose.iter().filter(|imposition| imposition.event == event) {
            let on = imposition.on.unwrap_or(BindingId::NONE);
            record(time, event, on, imposition.guard.owner(), What::Imposed);
        }
        for _ in swap.lift.iter().filter(|imposed| imposed.event == event) {
            record(time, event, BindingId::NONE, event.owner(), What::Lifted);
        }
    }
}

/// Has `event` in the list of those that were ever bound to, and with its own mailbox if it is asynchronous.
fn note(writers: &mut Writers, event: &'static EventCore) -> Result<(), InstallError> {
    if event.is_asynchronous() && event.mailbox.get().is_none() {
        let mailbox = Shared::try_new(Mailbox::try_new(event, None)?)?;
        deliver::reserve(1)?;
        deliver::register(event.mailbox.call_once(|| mailbox).clone());
    }
    writers.note(event);
    Ok(())
}
