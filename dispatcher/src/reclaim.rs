//! Grace periods: what was taken out of reach is freed when no raise can still be using it.
//!
//! # Concepts
//! A change puts what it replaced into a *batch*. Batches are freed in the order in which they were retired: a
//! binding is reachable from every table since its install, so an older table that is still marked holds back all
//! that came after it.

use crate::binding::Binding;
use crate::install::try_box;
use crate::table::{Descriptor, Table};
use crate::{Grace, InstallError, WaitError};
use alloc::boxed::Box;
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
    oldest: Option<Box<Batch>>,
}

/// Something out of reach that a raise may still be using.
#[derive(Debug)]
pub(crate) enum Retired {
    Table(NonNull<Table>),
    Binding(NonNull<Binding>),
    Descriptor(NonNull<Descriptor>, *mut Table),
}

/// What one change retired; freed as a whole.
#[derive(Debug)]
pub(crate) struct Batch {
    items: Vec<Retired>,
    /// The status word of the swap that made the batch, if one did; its descriptors point here.
    pub(crate) status: AtomicBool,
    next: Option<Box<Batch>>,
}

// SAFETY: a batch owns what it names, none of which is bound to a processor or strand.
unsafe impl Send for Batch {}

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
    while let Some(batch) = writers.oldest.take_if(|batch| !batch.is_marked(grace)) {
        let Batch { items, next, status: _ } = *batch;
        items.into_iter().for_each(Retired::free);
        writers.oldest = next;
        writers.freed += 1;
    }
    writers.retired - writers.freed
}

impl Writers {
    pub(crate) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    pub(crate) fn retire(&mut self, batch: Box<Batch>) -> Ticket {
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
    pub(crate) fn with_room(items: usize) -> Result<Box<Self>, InstallError> {
        let mut list = Vec::new();
        list.try_reserve_exact(items).map_err(|_| InstallError::OutOfMemory)?;
        try_box(Self { items: list, status: AtomicBool::new(false), next: None })
    }

    pub(crate) fn push(&mut self, item: Retired) {
        debug_assert!(self.items.len() < self.items.capacity(), "room is made before anything changes");
        self.items.push(item);
    }

    /// Adds a table that an event held, unless it held none.
    pub(crate) fn push_table(&mut self, table: *mut Table) {
        if let Some(table) = NonNull::new(table) {
            self.push(Retired::Table(table));
        }
    }

    fn is_marked(&self, grace: &impl Grace) -> bool {
        self.items.iter().any(|item| grace.is_marked(item.word()))
    }
}

impl Retired {
    /// The word that a raise which uses this has marked.
    fn word(&self) -> *const () {
        match self {
            Self::Table(table) => table.as_ptr().cast_const().cast(),
            Self::Binding(binding) => binding.as_ptr().cast_const().cast(),
            Self::Descriptor(_, tagged) => tagged.cast_const().cast(),
        }
    }

    fn free(self) {
        match self {
            Self::Table(table) => free(table),
            Self::Binding(binding) => free(binding),
            Self::Descriptor(descriptor, _) => free(descriptor),
        }
    }
}

/// Frees what was leaked from a box when it was published, and has now been retired; called once for each.
fn free<T>(published: NonNull<T>) {
    // SAFETY: it came from a box, was retired once, and no raise uses it any more (INV-DISP-4).
    drop(unsafe { Box::from_raw(published.as_ptr()) });
}
