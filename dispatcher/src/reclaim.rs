//! Grace periods: what was taken out of reach is freed when no raise can still be using it.
//!
//! # Concepts
//! A change puts what it replaced into a *batch*. Batches are freed in the order in which they were retired: a
//! binding is reachable from every table since its install, so an older table that is still marked holds back all
//! that came after it.

use crate::binding::Binding;
use crate::owned::Owned;
use crate::table::{Descriptor, Table, tagged};
use crate::{Grace, InstallError, WaitError};
use alloc::vec::Vec;
use core::ptr::NonNull;
use core::sync::atomic::AtomicBool;
use spin::Mutex;

/// The writers' lock, and what waits to be freed.
pub(crate) static WRITERS: Mutex<Writers> =
    Mutex::new(Writers { last_id: 0, retired: 0, freed: 0, oldest: None });

/// What only one writer at a time may touch.
#[derive(Debug)]
pub(crate) struct Writers {
    last_id: u64,
    retired: u64,
    freed: u64,
    oldest: Option<Owned<Batch>>,
}

/// Something out of reach that a raise may still be using; dropping it frees it.
#[derive(Debug)]
pub(crate) enum Retired {
    Table(Owned<Table>),
    Binding(Owned<Binding>),
    Descriptor(Owned<Descriptor>),
}

/// What one change retired; freed as a whole.
#[derive(Debug)]
pub(crate) struct Batch {
    items: Vec<Retired>,
    /// The status word of the swap that made the batch, if one did; its descriptors point here.
    pub(crate) status: AtomicBool,
    next: Option<Owned<Batch>>,
}

/// Says when everything that a change took away is free of raises, and freed.
#[derive(Debug)]
#[must_use = "until it was waited for, the handler may still be running"]
pub struct Ticket {
    sequence: u64,
}

impl Ticket {
    /// Waits until no raise can be using what the change took away, and frees it.
    ///
    /// # Errors
    /// [`WaitError::InsideHandler`] if the caller's own strand is inside a raise; the ticket stays good.
    pub fn wait(&self, grace: &impl Grace) -> Result<(), WaitError> {
        if grace.inside_raise() {
            return Err(WaitError::InsideHandler);
        }
        while !self.is_done() {
            collect(grace);
            core::hint::spin_loop();
        }
        Ok(())
    }

    /// Whether the grace period is over.
    pub fn is_done(&self) -> bool {
        WRITERS.lock().freed >= self.sequence
    }
}

/// Frees what no raise uses any more; returns how many changes are still waiting.
///
/// Whoever drops a ticket relies on somebody calling this from time to time.
pub fn collect(grace: &impl Grace) -> u64 {
    let mut writers = WRITERS.lock();
    if writers.oldest.is_some() {
        grace.barrier();
    }
    while let Some(mut batch) = writers.oldest.take_if(|batch| !batch.is_marked(grace)) {
        writers.oldest = batch.next.take();
        writers.freed += 1;
    }
    writers.retired - writers.freed
}

impl Writers {
    pub(crate) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    pub(crate) fn retire(&mut self, batch: Owned<Batch>) -> Ticket {
        let mut end = &mut self.oldest;
        while let Some(batch) = end {
            end = &mut batch.next;
        }
        *end = Some(batch);
        self.retired += 1;
        Ticket { sequence: self.retired }
    }
}

impl Batch {
    /// A batch that can take `items` without allocating.
    pub(crate) fn with_room(items: usize) -> Result<Owned<Self>, InstallError> {
        let mut list = Vec::new();
        list.try_reserve_exact(items).map_err(|_| InstallError::OutOfMemory)?;
        Owned::try_new(Self { items: list, status: AtomicBool::new(false), next: None })
    }

    pub(crate) fn push(&mut self, item: Retired) {
        debug_assert!(self.items.len() < self.items.capacity(), "room is made before anything changes");
        self.items.push(item);
    }

    /// Adds a table that an event held until now, unless it held none.
    pub(crate) fn push_table(&mut self, table: *mut Table) {
        if let Some(table) = NonNull::new(table) {
            // SAFETY: whoever holds the writers' lock takes each table out of its event once; a batch is dropped
            // only when nobody has marked anything in it.
            self.push(Retired::Table(unsafe { Owned::retired(table) }));
        }
    }

    /// Adds a binding that is in no event's table from now on.
    pub(crate) fn push_binding(&mut self, binding: NonNull<Binding>) {
        // SAFETY: as for a table: it leaves the one table that had it once.
        self.push(Retired::Binding(unsafe { Owned::retired(binding) }));
    }

    fn is_marked(&self, grace: &impl Grace) -> bool {
        self.items.iter().any(|item| grace.is_marked(item.word()))
    }
}

impl Retired {
    /// The word that a raise which uses this has marked.
    fn word(&self) -> *const () {
        match self {
            Self::Table(table) => table.pointer().as_ptr().cast_const().cast(),
            Self::Binding(binding) => binding.pointer().as_ptr().cast_const().cast(),
            Self::Descriptor(descriptor) => tagged(descriptor.pointer().as_ptr()).cast_const().cast(),
        }
    }
}
