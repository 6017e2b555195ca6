//! Making bindings, and the one-event changes: install, uninstall, impose, lift.
//!
//! # Locking
//! One lock for all writers, held for as long as it takes to build a table. Raises never take it. Authorizers are asked before.

use crate::authorize::Wish;
use crate::binding::Binding;
use crate::event::EventCore;
use crate::guard::GuardId;
use crate::order::Group;
use crate::raw::callee::Callee;
use crate::raw::mailbox::Mailbox;
use crate::raw::shared::Shared;
use crate::reclaim::{Ticket, WRITERS, with_room};
use crate::tally::Tally;
use crate::{BindingId, Guard, Handler, InstallError, Order, Role, Swap};
use alloc::vec::Vec;

/// A binding that was made, checked and authorised, and is not installed.
#[derive(Debug)]
#[must_use = "a binding does nothing until it is installed"]
pub struct Bound {
    pub(crate) event: &'static EventCore,
    pub(crate) binding: Shared<Binding>,
    pub(crate) order: Order,
}

/// A binding that is installed: what its owner keeps in order to take it away again. Whoever has it may impose guards on it.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "without this the binding can never be uninstalled"]
pub struct Installed {
    pub(crate) event: &'static EventCore,
    pub(crate) id: BindingId,
}

/// A guard that was imposed: what is kept in order to lift it again.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "without this the guard can never be lifted"]
pub struct Imposed {
    pub(crate) event: &'static EventCore,
    pub(crate) guard: GuardId,
}

impl Bound {
    /// The event that it is for.
    pub fn event(&self) -> &'static EventCore {
        self.event
    }

    /// The binding's number.
    pub fn id(&self) -> BindingId {
        self.binding.callee.id()
    }

    /// Installs it; raises that begin later see it.
    ///
    /// # Errors
    /// As [`Swap::commit`]; the binding is handed back.
    pub fn install(self) -> Result<Installed, (Self, InstallError)> {
        let swap = match with_room(1) {
            Ok(add) => Swap { add, ..Swap::new() },
            Err(error) => return Err((self, error)),
        };
        match swap.add(self).commit() {
            // Nobody waits for the table that an install replaces; the next collection frees it.
            Ok((mut installed, _ticket)) => Ok(installed.remove(0)),
            Err((mut swap, error)) => Err((swap.add.remove(0), error)),
        }
    }
}

impl Installed {
    /// The event that the handler is bound to.
    pub fn event(&self) -> &'static EventCore {
        self.event
    }

    /// The binding's number.
    pub fn id(&self) -> BindingId {
        self.id
    }

    /// Imposes `guard` on the binding, behind the guards that it has. Nobody is asked: having the descriptor is the right to.
    ///
    /// # Errors
    /// [`InstallError::NotInstalled`], [`InstallError::NotInRole`] if it is no handler, [`InstallError::OtherEvent`],
    /// [`InstallError::OutOfMemory`]
    pub fn impose(&self, guard: Guard) -> Result<Imposed, InstallError> {
        let imposed = Imposed { event: self.event, guard: guard.check.id };
        commit(Swap { impose: with_room(1)?, ..Swap::new() }.impose(self, guard)).map(|_| imposed)
    }
}

/// Binds `handler` to `event`.
///
/// O(bindings of the event) with one lock and a few allocations; raises meanwhile see the old or the new table.
///
/// # Errors
/// As [`EventCore::bind`] and [`Swap::commit`]; nothing has changed then.
pub fn install(event: &'static EventCore, handler: Handler) -> Result<Installed, InstallError> {
    event.bind(handler)?.install().map_err(|(_, error)| error)
}

/// Takes a binding away; raises that begin later do not see it.
///
/// The ticket says when no raise can still be inside it; until then its code and closure must stay. What waits in its queue is
/// thrown away.
///
/// # Errors
/// [`InstallError::NotInstalled`]; [`InstallError::OutOfMemory`], which hands the binding back untouched.
pub fn uninstall(installed: Installed) -> Result<Ticket, (Installed, InstallError)> {
    let swap = match with_room(1) {
        Ok(remove) => Swap { remove, ..Swap::new() },
        Err(error) => return Err((installed, error)),
    };
    match swap.remove(installed).commit() {
        Ok((_, ticket)) => Ok(ticket),
        Err((mut swap, error)) => Err((swap.remove.remove(0), error)),
    }
}

/// Lifts a guard from every binding that it was imposed on.
///
/// The ticket says when no raise can still be inside it.
///
/// # Errors
/// [`InstallError::NotInstalled`] if nothing has it (any more); [`InstallError::OutOfMemory`], which hands it back.
pub fn lift(imposed: Imposed) -> Result<Ticket, (Imposed, InstallError)> {
    let swap = match with_room(1) {
        Ok(lift) => Swap { lift, ..Swap::new() },
        Err(error) => return Err((imposed, error)),
    };
    match swap.lift(imposed).commit() {
        Ok((_, ticket)) => Ok(ticket),
        Err((mut swap, error)) => Err((swap.lift.remove(0), error)),
    }
}

impl EventCore {
    /// Makes a binding of `handler`: checks that it fits the event, and asks who may decide.
    ///
    /// # Errors
    /// [`InstallError::Denied`], [`InstallError::OtherEvent`], what is wrong with its key guard, [`InstallError::NotAsynchronous`],
    /// [`InstallError::SynchronousInInterrupt`], [`InstallError::NotInRole`], [`InstallError::OutOfMemory`].
    pub fn bind(&'static self, handler: Handler) -> Result<Bound, InstallError> {
        self.check(&handler)?;
        let imposed = self.authorize(handler.owner(), Wish::Bind(&handler))?;
        if imposed.is_some() && handler.role != Role::Handler {
            // A raise asks no guards of these: what was granted on a condition would be granted without.
            return Err(InstallError::NotInRole(handler.role));
        }
        let Handler { code, role, key, guard, order, cancels, asynchronous, intrinsic } = handler;
        let id = WRITERS.lock().next_id();
        let callee = Shared::try_new(Callee::new(code, id, Tally::try_new(self.slots())?))?;
        let mut guards = with_room(2)?;
        guards.extend(guard.map(Guard::own).into_iter().chain(imposed));
        let mailbox = match asynchronous {
            true => Some(Shared::try_new(Mailbox::try_new(self, Some(&callee))?)?),
            false => None,
        };
        let group = Group::Ordinary;
        let mut binding = Binding {
            callee,
            role,
            group,
            cancels,
            is_intrinsic: intrinsic,
            is_plain: false,
            key,
            guards,
            mailbox,
        };
        binding.is_plain = binding.asks_nothing();
        Ok(Bound { event: self, binding: Shared::try_new(binding)?, order })
    }

    /// Binds `handler`; raises that begin later see it.
    ///
    /// # Errors
    /// As [`EventCore::bind`] and [`Swap::commit`]; nothing has changed then.
    pub fn install(&'static self, handler: Handler) -> Result<Installed, InstallError> {
        install(self, handler)
    }

    /// Binds all of `handlers` as one change, which costs little more than one of them alone; in their order.
    ///
    /// # Errors
    /// As [`EventCore::bind`] and [`Swap::commit`], for the first that is wrong; nothing has changed then.
    pub fn install_all(&'static self, handlers: Vec<Handler>) -> Result<Vec<Installed>, InstallError> {
        let mut bound = with_room(handlers.len())?;
        for handler in handlers {
            bound.push(self.bind(handler)?);
        }
        commit(Swap { add: bound, ..Swap::new() })
    }

    /// Imposes `guard` on every handler of somebody else, those to come included; the event's owner's are exempt.
    ///
    /// # Errors
    /// [`InstallError::Denied`] if its owner may not, [`InstallError::OtherEvent`], [`InstallError::OutOfMemory`]
    pub fn impose_on_all(&'static self, guard: Guard) -> Result<Imposed, InstallError> {
        let imposed = Imposed { event: self, guard: guard.check.id };
        commit(Swap::new().impose_on_all(self, guard)?).map(|_| imposed)
    }

    /// The event's own handler, if it has one and nobody has taken it away.
    pub fn intrinsic(&'static self) -> Option<Installed> {
        let _writers = WRITERS.lock();
        let binding = self.current().bindings().find(|binding| binding.is_intrinsic)?;
        Some(Installed { event: self, id: binding.callee.id() })
    }

    fn check(&'static self, handler: &Handler) -> Result<(), InstallError> {
        handler.code.check(self)?;
        if let Some(key) = &handler.key {
            key.check(self.keys())?;
        }
        if let Some(guard) = &handler.guard {
            guard.check(self)?;
        }
        let is_bare = handler.key.is_none()
            && handler.guard.is_none()
            && handler.order == Order::Ordinary
            && !(handler.cancels || handler.asynchronous || handler.intrinsic);
        match handler.role {
            Role::Default if is_bare => {}
            Role::Result if is_bare && self.is_returning() => {}
            Role::Handler => {}
            Role::Default | Role::Result => return Err(InstallError::NotInRole(handler.role)),
        }
        let is_owners = handler.owner() == self.owner();
        match self.is_interrupt() && !handler.asynchronous && !is_owners {
            true => Err(InstallError::SynchronousInInterrupt(self.declaration().name)),
            false => Ok(()),
        }
    }
}

impl Role {
    /// What messages call it.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Handler => "an intrinsic handler",
            Self::Default => "a default handler",
            Self::Result => "a result handler",
        }
    }
}

/// Commits a change that nobody needs back if it fails.
fn commit(swap: Swap) -> Result<Vec<Installed>, InstallError> {
    match swap.commit() {
        Ok((installed, _ticket)) => Ok(installed),
        Err((_, error)) => Err(error),
    }
}
