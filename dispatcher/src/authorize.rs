//! Authorizers: who may bind what to an event.
//!
//! # Concepts
//! An event's owner binds what it likes. Anybody else asks, and is denied unless somebody says otherwise: the event's own authorizer,
//! or else that of its interface. The answer is given once, when a binding is made; raises are not slowed down by it.

use crate::{EventCore, Guard, Handler, InstallError, Owner};
use core::fmt;
use spin::Mutex;

/// Decides who may bind what.
pub trait Authorizer: Sync {
    /// What refusals and listings call it.
    fn name(&self) -> &'static str;

    /// Answers one request. Called without any lock of the dispatcher, by the strand that asks.
    fn authorize(&self, request: &Request<'_>) -> Verdict;
}

/// A request to an authorizer.
#[derive(Debug)]
pub struct Request<'a> {
    /// The event.
    pub event: &'static EventCore,
    /// Who asks: the owner of the code.
    pub asker: Owner,
    /// For what.
    pub wish: Wish<'a>,
}

/// What somebody asks to be allowed.
#[derive(Debug)]
pub enum Wish<'a> {
    /// To bind this.
    Bind(&'a Handler),
    /// To guard every binding of somebody else, now and later.
    Impose(&'a Guard),
}

/// What an authorizer answers.
#[derive(Debug)]
pub enum Verdict {
    /// Granted.
    Allow,
    /// Granted, with this guard imposed; to what no guards are asked of (a default or result handler, a guard), nothing is granted
    /// then.
    AllowWith(Guard),
    /// Refused: the rule that says so, as it is shown to whoever asked.
    Deny(&'static str),
}

/// A set of events with one authorizer.
pub struct Interface {
    name: &'static str,
    authorizer: Slot,
}

/// A place for an authorizer.
pub(crate) struct Slot(Mutex<Option<&'static dyn Authorizer>>);

impl Interface {
    /// The interface `name`, whose events nobody but their owner may bind to.
    pub const fn new(name: &'static str) -> Self {
        Self { name, authorizer: Slot::empty() }
    }

    /// The interface `name` with an authorizer.
    pub const fn governed(name: &'static str, authorizer: &'static dyn Authorizer) -> Self {
        Self { name, authorizer: Slot(Mutex::new(Some(authorizer))) }
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Has `authorizer` decide from now on; what is bound already stays.
    pub fn set_authorizer(&self, authorizer: &'static dyn Authorizer) {
        self.authorizer.set(authorizer);
    }
}

impl Slot {
    pub(crate) const fn empty() -> Self {
        Self(Mutex::new(None))
    }

    pub(crate) fn set(&self, authorizer: &'static dyn Authorizer) {
        *self.0.lock() = Some(authorizer);
    }

    pub(crate) fn get(&self) -> Option<&'static dyn Authorizer> {
        *self.0.lock()
    }
}

impl EventCore {
    /// Has `authorizer` decide about this event alone, in place of its interface's.
    pub fn set_authorizer(&self, authorizer: &'static dyn Authorizer) {
        self.own_authorizer().set(authorizer);
    }

    /// Who decides; `None` if nobody but the event's owner may bind.
    pub fn authorizer(&self) -> Option<&'static dyn Authorizer> {
        self.own_authorizer().get().or_else(|| self.interface()?.authorizer.get())
    }

    /// Asks on behalf of `asker`; returns the guard that is imposed on what it wishes.
    ///
    /// # Errors
    /// [`InstallError::Denied`]
    pub(crate) fn authorize(
        &'static self,
        asker: Owner,
        wish: Wish<'_>,
    ) -> Result<Option<Guard>, InstallError> {
        if asker == self.owner() {
            return Ok(None);
        }
        if matches!(wish, Wish::Bind(handler) if handler.intrinsic) {
            let by = self.interface().map_or(self.declaration().name, Interface::name);
            return Err(InstallError::Denied {
                by,
                why: "the intrinsic handler is that of the event's owner",
            });
        }
        let Some(authorizer) = self.authorizer() else {
            let by = self.interface().map_or(self.declaration().name, Interface::name);
            return Err(InstallError::Denied { by, why: "it has no authorizer, so only its owner may" });
        };
        match authorizer.authorize(&Request { event: self, asker, wish }) {
            Verdict::Allow => Ok(None),
            Verdict::AllowWith(guard) => guard.check(self).map(|()| Some(guard)),
            Verdict::Deny(why) => Err(InstallError::Denied { by: authorizer.name(), why }),
        }
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().map(Authorizer::name).fmt(f)
    }
}

impl fmt::Debug for Interface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interface").field("name", &self.name).field("authorizer", &self.authorizer).finish()
    }
}
