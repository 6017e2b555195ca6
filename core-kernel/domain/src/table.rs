//! The table of all domains.
//!
//! # Locking
//! One lock, held in kernel code only and never across a crossing (INV-DOMAIN-3), so that a fault in an extension
//! can be attributed with the table at hand.

use crate::domain::{Domain, Info};
use crate::id::{DomainId, MAX_DOMAINS};
use alloc::boxed::Box;
use alloc::vec::Vec;
use spindle_arch::lock::Lock;

struct Table {
    slots: [Option<Box<Domain>>; MAX_DOMAINS],
    generations: [u32; MAX_DOMAINS],
}

static TABLE: Lock<Table> =
    Lock::new(Table { slots: [const { None }; MAX_DOMAINS], generations: [0; MAX_DOMAINS] });

/// A slot for a domain about to be loaded; `None` if all are taken.
pub(crate) fn free_id() -> Option<DomainId> {
    let mut table = TABLE.lock();
    let slot = table.slots.iter().position(Option::is_none)?;
    table.generations[slot] = table.generations[slot].checked_add(1).unwrap_or(1);
    Some(DomainId::new(slot, table.generations[slot]))
}

/// Enters `domain` under its id.
pub(crate) fn insert(domain: Box<Domain>) {
    let slot = domain.id.slot();
    let before = TABLE.lock().slots[slot].replace(domain);
    debug_assert!(before.is_none(), "one strand loads at a time");
}

/// Takes a domain out.
pub(crate) fn remove(id: DomainId) -> Option<Box<Domain>> {
    TABLE.lock().slots[id.slot()].take_if(|domain| domain.id == id)
}

/// Runs `f` on the domain, with the table locked.
pub(crate) fn with<R>(id: DomainId, f: impl FnOnce(&mut Domain) -> R) -> Option<R> {
    let mut table = TABLE.lock();
    table.slots[id.slot()].as_deref_mut().filter(|domain| domain.id == id).map(f)
}

/// The first domain for which `f` holds.
pub(crate) fn find(f: impl Fn(&Domain) -> bool) -> Option<DomainId> {
    TABLE.lock().slots.iter().flatten().find(|domain| f(domain)).map(|domain| domain.id)
}

/// Every domain, by slot.
pub fn list() -> Vec<Info> {
    TABLE.lock().slots.iter().flatten().map(|domain| domain.info()).collect()
}

/// The domain of the extension called `name`.
pub fn info(name: &str) -> Option<Info> {
    TABLE.lock().slots.iter().flatten().find(|domain| domain.name == name).map(|domain| domain.info())
}
