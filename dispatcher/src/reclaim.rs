//! Grace periods: what was taken out of reach is freed when no raise can still be using it.
//!
//! # Concepts
//! A change puts what it replaced into a *batch*. Batches are freed in the order in which they were retired: a
//! callee is reachable from every table since its install, so an older table that is still marked holds back all
//! that came after it.
//!
//! # Locking
//! The writers' lock is held while batches are looked at, not while they are freed: what is dropped then may be somebody's
//! closure, and may itself change bindings.

use crate::event::EventCore;
use crate::raw::callee::Callee;
use crate::raw::owned::Owned;
use crate::raw::shared::Shared;
use crate::sync::{AtomicBool, Mutex, global};
use crate::table::{Descriptor, Table, tagged};
use crate::{BindingId, Grace, InstallError, WaitError};
use alloc::vec::Vec;

global! {
    /// The writers' lock, and what waits to be freed.
    pub(crate) static WRITERS: Mutex<Writers> = Mutex::new(Writers::NEW);
}

/// What only one writer at a time may touch.
#[derive(Debug)]
pub(crate) struct Writers {
    last_id: u64,
    retired: u64,
    freed: u64,
    oldest: Option<Owned<Batch>>,
    /// Whether somebody is freeing batches just now.
    is_collecting: bool,
    /// The last one of the events that something was ever bound to, linked by [`EventCore::previous`].
    newest: Option<&'static EventCore>,
}

/// Something out of reach that a raise may still be using; dropping it frees it.
#[derive(Debug)]
pub(crate) enum Retired {
    Table(Owned<Table>),
    Callee(Shared<Callee>),
    Descriptor(Owned<Descriptor>),
}

/// What one change retired; freed as a whole.
#[derive(Debug)]
pub(crate) struct Batch {
    items: Vec<Retired>,
    /// How many it can take.
    room: usize,
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
            crate::sync::spin_loop();
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
    let batches = WRITERS.lock().begin_collecting(grace);
    if batches.is_some() {
        let mut collecting = Collecting { batches, freed: 0 };
        while let Some(mut batch) = collecting.batches.take() {
            collecting.batches = batch.next.take();
            collecting.freed += 1;
            drop(batch);
        }
    }
    WRITERS.lock().waiting()
}

/// Batches that are being freed. If a closure panics when it is dropped, what is left is for the next collection: else no ticket
/// would ever be done again.
struct Collecting {
    batches: Option<Owned<Batch>>,
    freed: u64,
}

impl Drop for Collecting {
    fn drop(&mut self) {
        WRITERS.lock().end_collecting(self.freed, self.batches.take());
    }
}

impl Writers {
    const NEW: Self =
        Self { last_id: 0, retired: 0, freed: 0, oldest: None, is_collecting: false, newest: None };

    /// Has `event` among those that something was ever bound to.
    pub(crate) fn note(&mut self, event: &'static EventCore) {
        if event.previous.get().is_none() {
            event.previous.set(self.newest.unwrap_or(event));
            self.newest = Some(event);
        }
    }

    /// Every event that something was ever bound to.
    pub(crate) fn events(&self) -> impl Iterator<Item = &'static EventCore> {
        core::iter::successors(self.newest, |event| event.previous.get().filter(|previous| previous != event))
    }

    pub(crate) fn next_id(&mut self) -> BindingId {
        self.last_id += 1;
        BindingId(self.last_id)
    }

    pub(crate) fn retire(&mut self, batch: Owned<Batch>) -> Ticket {
        *end_of(&mut self.oldest) = Some(batch);
        self.retired += 1;
        Ticket { sequence: self.retired }
    }

    /// Takes the oldest batches, up to the first that somebody has marked; none if another strand is at it, since they are freed in
    /// order.
    fn begin_collecting(&mut self, grace: &impl Grace) -> Option<Owned<Batch>> {
        if self.is_collecting || self.oldest.is_none() {
            return None;
        }
        grace.barrier();
        let mut end = &mut self.oldest;
        while end.as_ref().is_some_and(|batch| !batch.is_marked(grace)) {
            end = &mut end.as_mut().expect("the loop has just seen it").next;
        }
        let marked = end.take();
        let unmarked = core::mem::replace(&mut self.oldest, marked);
        self.is_collecting = unmarked.is_some();
        unmarked
    }

    /// Notes that `freed` batches were dropped, and takes those back that were not.
    fn end_collecting(&mut self, freed: u64, mut left: Option<Owned<Batch>>) {
        self.is_collecting = false;
        self.freed += freed;
        *end_of(&mut left) = self.oldest.take();
        self.oldest = left;
    }

    fn waiting(&self) -> u64 {
        self.retired - self.freed
    }
}

/// Where a list of batches goes on.
fn end_of(mut batches: &mut Option<Owned<Batch>>) -> &mut Option<Owned<Batch>> {
    while let Some(batch) = batches {
        batches = &mut batch.next;
    }
    batches
}

impl Batch {
    /// A batch that can take `items` without allocating.
    pub(crate) fn with_room(items: usize) -> Result<Owned<Self>, InstallError> {
        Owned::try_new(Self {
            items: with_room(items)?,
            room: items,
            status: AtomicBool::new(false),
            next: None,
        })
    }

    pub(crate) fn extend(&mut self, items: impl IntoIterator<Item = Retired>) {
        self.items.extend(items);
        debug_assert!(self.items.len() <= self.room, "room is made before anything changes");
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
            Self::Callee(callee) => Shared::address(callee).cast_const().cast(),
            Self::Descriptor(descriptor) => tagged(descriptor.pointer().as_ptr()).cast_const().cast(),
        }
    }
}

/// An empty list with room for `items`.
pub(crate) fn with_room<T>(items: usize) -> Result<Vec<T>, InstallError> {
    let mut list = Vec::new();
    list.try_reserve_exact(items).map_err(|_| InstallError::OutOfMemory)?;
    Ok(list)
}
