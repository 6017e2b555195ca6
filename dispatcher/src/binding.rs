//! Bindings: one callee on one event, with what decides when it is called.

use crate::guard::GuardId;
use crate::raw::callee::Callee;
use crate::raw::mailbox::Mailbox;
use crate::raw::shared::Shared;
use crate::sync::Ordering;
use crate::{Counters, Delivery, EventCore, Group, Guard, InstallError, KeyGuard, Kind, Owner, Role};
use alloc::vec::Vec;

/// The number of a binding, different for every one ever made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BindingId(pub(crate) u64);

impl BindingId {
    /// The number of what is no binding.
    pub const NONE: Self = Self(0);

    /// It, for listings.
    pub fn number(self) -> u64 {
        self.0
    }
}

/// A binding as tables hold it; immutable. Imposing a guard makes another one of the same callee.
#[derive(Debug)]
pub(crate) struct Binding {
    pub(crate) callee: Shared<Callee>,
    pub(crate) role: Role,
    pub(crate) group: Group,
    pub(crate) cancels: bool,
    pub(crate) is_intrinsic: bool,
    /// Whether a raise has nothing to look at but the callee.
    pub(crate) is_plain: bool,
    pub(crate) key: Option<KeyGuard>,
    /// Its own, then those imposed on it, in the order in which they were.
    pub(crate) guards: Vec<Guard>,
    /// Where raises wait for it, if it is asynchronous.
    pub(crate) mailbox: Option<Shared<Mailbox>>,
}

impl Binding {
    /// This binding in `group`, guarded by `guards` in place of those that it has.
    pub(crate) fn with(&self, group: Group, guards: Vec<Guard>) -> Result<Shared<Self>, InstallError> {
        let mut binding = Self {
            callee: self.callee.clone(),
            role: self.role,
            group,
            cancels: self.cancels,
            is_intrinsic: self.is_intrinsic,
            is_plain: false,
            key: self.key,
            guards,
            mailbox: self.mailbox.clone(),
        };
        binding.is_plain = binding.asks_nothing();
        Shared::try_new(binding)
    }

    pub(crate) fn asks_nothing(&self) -> bool {
        self.key.is_none() && self.guards.is_empty() && self.mailbox.is_none() && !self.cancels
    }

    /// Whether the guard `id` was imposed on it.
    pub(crate) fn has_guard(&self, id: GuardId) -> bool {
        self.guards.iter().any(|guard| guard.is_imposed(id))
    }

    /// Its guards, without those that `lifts` names, and with `more`.
    pub(crate) fn guards_with<'a>(
        &self,
        lifts: impl Fn(&Guard) -> bool,
        more: impl Iterator<Item = &'a Guard> + Clone,
    ) -> Result<Vec<Guard>, InstallError> {
        let mut guards = Vec::new();
        let room = self.guards.len() + more.clone().count();
        guards.try_reserve_exact(room).map_err(|_| InstallError::OutOfMemory)?;
        guards.extend(self.guards.iter().filter(|guard| !lifts(guard)).cloned());
        guards.extend(more.cloned());
        Ok(guards)
    }

    /// Everybody whose code it may enter.
    pub(crate) fn callees(&self) -> impl Iterator<Item = &Callee> {
        core::iter::once(&*self.callee).chain(self.guards.iter().map(|guard| &guard.check.callee))
    }
}

/// What a listing shows of a binding.
#[derive(Clone, Copy, Debug)]
pub struct BindingView<'a> {
    event: &'a EventCore,
    binding: &'a Binding,
}

impl<'a> BindingView<'a> {
    pub(crate) fn new(event: &'a EventCore, binding: &'a Binding) -> Self {
        Self { event, binding }
    }

    /// Its number.
    pub fn id(&self) -> BindingId {
        self.binding.callee.id()
    }

    /// Whose it is.
    pub fn owner(&self) -> Owner {
        self.binding.callee.owner()
    }

    /// What it is for.
    pub fn role(&self) -> Role {
        self.binding.role
    }

    /// How it is entered.
    pub fn kind(&self) -> Kind {
        self.binding.callee.kind()
    }

    /// Which of the event's handlers it is among: the first, the ordinary, the last ones.
    pub fn group(&self) -> Group {
        self.binding.group
    }

    /// Its key guard.
    pub fn key(&self) -> Option<&'a KeyGuard> {
        self.binding.key.as_ref()
    }

    /// Its guards that are code: its own, then those imposed on it.
    pub fn guards(&self) -> impl Iterator<Item = &'a Guard> + use<'a> {
        self.binding.guards.iter()
    }

    /// Whether it keeps those behind it from being called.
    pub fn is_cancelling(&self) -> bool {
        self.binding.cancels
    }

    /// Whether it is the event's own.
    pub fn is_intrinsic(&self) -> bool {
        self.binding.is_intrinsic
    }

    /// The queue before it, and how many raises wait there; `None` if it is called by the raise itself.
    pub fn queue(&self) -> Option<(Delivery, usize)> {
        self.binding.mailbox.as_ref().map(|mailbox| (self.event.delivery(), mailbox.len()))
    }

    /// Whether it was disabled because its owner faulted.
    pub fn is_disabled(&self) -> bool {
        self.binding.callee.is_disabled()
    }

    /// What has been counted.
    pub fn counters(&self) -> Counters {
        let callee = &self.binding.callee;
        let mut counters = callee.counters();
        if self.event.direct.load(Ordering::Relaxed) == Shared::address(callee) {
            counters.calls += self.event.direct_calls().load(Ordering::Relaxed);
        }
        counters.drops = self.binding.mailbox.as_ref().map_or(0, |mailbox| mailbox.lost());
        counters
    }
}
