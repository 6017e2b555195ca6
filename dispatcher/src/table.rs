//! The immutable table of an event's bindings, and the descriptor that stands in for it in a swap.
//!
//! ```text
//!   EventCore.table ──> Table                 no swap: an even address, or null for no bindings
//!   EventCore.table ──> Descriptor | 1        in a swap: old and new table, and the one status word
//!                         old ──> Table
//!                         new ──> Table
//!                         status ──> false: follow old; true: follow new
//! ```

use crate::BindingId;
use crate::binding::Binding;
use crate::guard::Guard;
use crate::key::Index;
use crate::raw::shared::Shared;
use crate::raw::step::Step;
use crate::sync::AtomicBool;
use alloc::vec::Vec;

/// The bindings of one event.
#[derive(Debug)]
pub(crate) struct Table {
    /// The handlers in the order in which they are called.
    pub(crate) handlers: Vec<Shared<Binding>>,
    /// The same as a raise walks over them.
    pub(crate) steps: Vec<Step>,
    /// Which of them a raise has to look at.
    pub(crate) index: Index,
    pub(crate) default: Option<Shared<Binding>>,
    pub(crate) result: Option<Shared<Binding>>,
    /// The guards that are imposed on whoever binds, already or later.
    pub(crate) imposed: Vec<Guard>,
}

/// What an event without any has.
pub(crate) static EMPTY: Table = Table {
    handlers: Vec::new(),
    steps: Vec::new(),
    index: Index::EMPTY,
    default: None,
    result: None,
    imposed: Vec::new(),
};

impl Table {
    /// Every binding, handlers first, in the order in which they are called.
    pub(crate) fn bindings(&self) -> impl Iterator<Item = &Shared<Binding>> {
        self.handlers.iter().chain(&self.default).chain(&self.result)
    }

    /// The binding with this number.
    pub(crate) fn find(&self, id: BindingId) -> Option<&Shared<Binding>> {
        self.bindings().find(|binding| binding.callee.id() == id)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bindings().next().is_none() && self.imposed.is_empty()
    }
}

/// Two tables of one event, of which the status word of the swap says which counts.
#[derive(Debug)]
#[repr(align(2))]
pub(crate) struct Descriptor {
    pub(crate) old: *const Table,
    pub(crate) new: *const Table,
    pub(crate) status: *const AtomicBool,
}

/// The word that an event holds while `descriptor` stands in for its table.
pub(crate) fn tagged(descriptor: *const Descriptor) -> *mut Table {
    descriptor.map_addr(|address| address | 1).cast::<Table>().cast_mut()
}
