//! Rows: what the entries of an extension's table are for, and how they become bindings and guards.
//!
//! *Concepts.* All rows of an extension are installed in one swap, and taken away in another one that is made at the same
//! time ([`Bindings::undo`]): a raise sees all of an extension or nothing of it, and unloading has nothing left to allocate but
//! the tables without it.
//!
//! *Invariants.* `INV-DOMAIN-4`: while anything of a domain is installed, its `undo` is in its ledger, and takes all of it away.

use crate::id::DomainId;
use crate::load::with;
use crate::{LoadError, table};
use alloc::vec::Vec;
use spindle_abi::Asked as Value;
use spindle_abi::{Options, Role as Asked, Terms};
use spindle_dispatcher::{
    BindingId, EventCore, Guard, Handler, Imposed, InstallError, Installed, KeyGuard, Order, Role, Swap,
};

/// What a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It is bound to its event in this role.
    Bound(Role),
    /// It guards the rows that name it.
    Guard,
    /// It guards every handler of other extensions.
    Imposed,
}

/// One row of an extension's table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The event.
    pub event: &'static EventCore,
    /// What it is for.
    pub purpose: Purpose,
    /// What it asks of the event's key fields.
    pub key: Option<KeyGuard>,
    /// Its place among the event's handlers.
    pub order: Order,
    /// Whether it keeps those behind it from being called.
    pub cancels: bool,
    /// Whether it is called later.
    pub asynchronous: bool,
    /// The row of its guard.
    pub guard: Option<usize>,
    /// Its binding, once it is installed.
    pub(crate) binding: BindingId,
}

/// What a domain has installed.
#[derive(Debug, Default)]
pub(crate) struct Bindings {
    pub(crate) rows: Vec<Row>,
    /// How many bindings and imposed guards there are.
    pub(crate) count: usize,
    /// What takes all of it away; `None` if nothing is installed.
    pub(crate) undo: Option<Swap>,
}

impl Row {
    /// The row that a manifest describes, for the event that its name stands for.
    ///
    /// # Errors
    /// [`InstallError`] about its terms.
    pub fn new(event: &'static EventCore, role: Asked<'_>) -> Result<Self, InstallError> {
        let (purpose, options) = match role {
            Asked::Handler(options) => (Purpose::Bound(Role::Handler), options),
            Asked::DefaultHandler => (Purpose::Bound(Role::Default), Options::NONE),
            Asked::ResultHandler => (Purpose::Bound(Role::Result), Options::NONE),
            Asked::Guard => (Purpose::Guard, Options::NONE),
            Asked::ImposedGuard => (Purpose::Imposed, Options::NONE),
        };
        Ok(Self {
            event,
            purpose,
            key: key(&options.terms)?,
            order: match options.order {
                spindle_abi::Order::Ordinary => Order::Ordinary,
                spindle_abi::Order::First => Order::First,
                spindle_abi::Order::Last => Order::Last,
            },
            cancels: options.cancels,
            asynchronous: options.asynchronous,
            guard: options.guard,
            binding: BindingId::NONE,
        })
    }

    /// Whether it is entered by a raise itself, or only asked by rows that name it.
    pub fn is_installed_itself(&self) -> bool {
        self.purpose != Purpose::Guard
    }

    /// Asks `handler` for what the row says.
    fn ask(&self, handler: Handler, role: Role, guards: &[Option<Guard>]) -> Handler {
        let handler = match role {
            Role::Handler => handler.ordered(self.order),
            Role::Default => handler.as_default(),
            Role::Result => handler.as_result(),
        };
        let handler = match self.key {
            Some(key) => handler.with_key(key),
            None => handler,
        };
        let handler = match self.guard.and_then(|row| guards.get(row)?.clone()) {
            Some(guard) => handler.with_guard(guard),
            None => handler,
        };
        let handler = if self.cancels { handler.cancelling() } else { handler };
        if self.asynchronous { handler.asynchronous() } else { handler }
    }
}

/// The key guard that asks for what the terms do; `None` for every raise.
fn key(terms: &Terms<'_>) -> Result<Option<KeyGuard>, InstallError> {
    let mut all: Option<KeyGuard> = None;
    for term in terms.as_slice() {
        let one = match term.asked {
            Value::Equal(key) => KeyGuard::new(term.field, key),
            Value::Range { from, to } => KeyGuard::range(term.field, from, to),
        }?;
        all = Some(match all {
            Some(before) => before.and(one)?,
            None => one,
        });
    }
    Ok(all)
}

/// Installs all rows of the domain, as one change.
///
/// # Errors
/// [`LoadError::Install`]; then none of them is.
pub(crate) fn install(id: DomainId, rows: Vec<Row>) -> Result<(), LoadError> {
    let guards = guards(id, &rows)?;
    let mut numbered = rows.iter().enumerate();
    let swap = with_room(rows.len())?;
    let swap = numbered.try_fold(swap, |swap, (index, row)| offer(id, swap, index, row, &guards))?;
    commit(id, rows, swap)
}

/// For measuring what many handlers cost: installs every handler that the loaded extension `name` has on `event` so many times
/// more, each with the same guards and options. They go when the extension does. `None` if it is not loaded.
///
/// # Errors
/// As [`load`](crate::load()) about its handlers; then none of the copies is installed.
pub fn replicate(name: &str, event: &'static EventCore, copies: usize) -> Option<Result<(), LoadError>> {
    let id = table::find(|domain| domain.name == name)?;
    let rows = with(id, |domain| domain.bindings.rows.clone());
    Some(add_copies(id, rows, event, copies))
}

fn add_copies(
    id: DomainId,
    rows: Vec<Row>,
    event: &'static EventCore,
    copies: usize,
) -> Result<(), LoadError> {
    let guards = guards(id, &rows)?;
    let is_copied = |row: &Row| row.event == event && row.purpose == Purpose::Bound(Role::Handler);
    let mut swap = with_room(rows.len().saturating_mul(copies))?;
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| is_copied(row)) {
        swap = (0..copies).try_fold(swap, |swap, _| offer(id, swap, index, row, &guards))?;
    }
    let (installed, _ticket) = swap.commit().map_err(|(_, error)| refusal(&rows, error))?;
    with(id, |domain| domain.bindings.keep(installed, Vec::new()));
    Ok(())
}

/// A swap that can take up so many rows.
fn with_room(rows: usize) -> Result<Swap, LoadError> {
    Swap::with_room(rows, rows).map_err(|error| LoadError::Install { event: None, error })
}

/// Adds to `swap` what row `index` offers.
fn offer(
    id: DomainId,
    swap: Swap,
    index: usize,
    row: &Row,
    guards: &[Option<Guard>],
) -> Result<Swap, LoadError> {
    let refused = |error| LoadError::Install { event: Some(row.event.declaration().name), error };
    match (row.purpose, guards.get(index).and_then(Option::as_ref)) {
        (Purpose::Bound(role), _) => {
            // SAFETY: `event` is what the manifest's declaration resolved to, and the domain keeps text, heap and
            // state until its tickets were waited for (INV-DOMAIN-1).
            let handler = with(id, |domain| unsafe { domain.code.handler(index, id) });
            let handler = handler.expect("the code's table was checked against the manifest's");
            row.event.bind(row.ask(handler, role, guards)).map(|bound| swap.add(bound)).map_err(refused)
        }
        (Purpose::Imposed, Some(guard)) => swap.impose_on_all(row.event, guard.clone()).map_err(refused),
        (Purpose::Imposed | Purpose::Guard, _) => Ok(swap),
    }
}

/// The guards that the rows are, each at its row's number.
fn guards(id: DomainId, rows: &[Row]) -> Result<Vec<Option<Guard>>, LoadError> {
    let guard = |(index, row): (usize, &Row)| {
        if matches!(row.purpose, Purpose::Bound(_)) {
            return Ok(None);
        }
        // SAFETY: as in `offer`.
        let guard = with(id, |domain| unsafe { domain.code.guard(index, id) });
        let guard = guard.expect("the code's table was checked against the manifest's");
        guard.map(Some).map_err(|error| LoadError::Install { event: None, error })
    };
    rows.iter().enumerate().map(guard).collect()
}

/// Carries `swap` out, and keeps what undoes it.
fn commit(id: DomainId, mut rows: Vec<Row>, swap: Swap) -> Result<(), LoadError> {
    let imposed: Vec<Imposed> = swap.imposed().collect();
    // Nobody waits for the tables that were replaced: they go with the next collection.
    let (installed, _ticket) = swap.commit().map_err(|(_, error)| refusal(&rows, error))?;
    let bound = rows.iter_mut().filter(|row| matches!(row.purpose, Purpose::Bound(_)));
    bound.zip(&installed).for_each(|(row, installed)| row.binding = installed.id());
    with(id, |domain| {
        domain.bindings.rows = rows;
        domain.bindings.keep(installed, imposed);
    });
    Ok(())
}

impl Bindings {
    /// Keeps what was installed, in the change that takes it away again.
    fn keep(&mut self, installed: Vec<Installed>, imposed: Vec<Imposed>) {
        self.count += installed.len() + imposed.len();
        let undo = installed.into_iter().fold(self.undo.take().unwrap_or_default(), Swap::remove);
        self.undo = Some(imposed.into_iter().fold(undo, Swap::lift));
    }
}

/// Names the event of which `error` speaks.
fn refusal(rows: &[Row], error: InstallError) -> LoadError {
    let is_taken = |row: &&Row| {
        let mut taken = false;
        row.event.for_each_binding(spindle_strands::current(), |binding| {
            taken |= Purpose::Bound(binding.role()) == row.purpose;
        });
        taken
    };
    let event = match error {
        InstallError::Occupied(role) => {
            rows.iter().filter(|row| row.purpose == Purpose::Bound(role)).find(is_taken)
        }
        _ => None,
    };
    LoadError::Install { event: event.map(|row| row.event.declaration().name), error }
}
