//! Handlers and what goes with them: code of one domain that an event can enter.

use core::marker::PhantomData;

use crate::raw::enter;
use crate::{Declaration, Error, EventSpec, Options, Role};

/// The entry point of a row: of a handler, a guard, a result handler.
///
/// # Safety
/// `closure` points to the state that the row was made for. `argument` points to what rows of its role are entered with
/// ([`crate::row`]): a frame of its event, a [`GuardCall`](crate::GuardCall) with one, or a [`Fold`](crate::Fold) of its event's
/// result. All stay valid until it returns, and nothing else uses the argument meanwhile; the frame of a guard may be read.
pub type HandlerFn = unsafe extern "C" fn(closure: *const (), argument: *mut ());

/// A row of an extension's table: which event, what for, and where to enter.
#[derive(Clone, Copy, Debug)]
pub struct HandlerEntry {
    /// The event that is handled.
    pub event: &'static Declaration,
    /// What it is for.
    pub role: Role<'static>,
    /// Where to enter.
    pub enter: HandlerFn,
}

/// A body for handlers of event `E` with state `S`: takes the arguments out of the frame, puts the result in.
///
/// `interface!` writes this for everything that implements an event's typed handler trait. Nobody else can without a promise:
///
/// ```compile_fail,E0200
/// # use spindle_abi::{EventSpec, Invoke};
/// struct Replaces;
/// impl<E: EventSpec, S> Invoke<E, S> for Replaces {
///     fn invoke(_: &S, _: &mut E::Frame<'_>) {}
/// }
/// ```
///
/// # Safety
/// The frame's arguments are left as they are: handlers of other domains take theirs out of it afterwards, and what is
/// borrowed here may be gone by then (`INV-ABI-2`).
#[allow(unsafe_code, reason = "the promise that a frame outlasts each of its handlers unchanged")]
pub unsafe trait Invoke<E: EventSpec, S> {
    /// Handles one raise.
    fn invoke(state: &S, frame: &mut E::Frame<'_>);
}

/// A body for guards of event `E` with state `S`. `interface!` writes it for everything that implements an event's typed guard
/// trait.
pub trait Ask<E: EventSpec, S> {
    /// Whether a raise with this frame is wanted.
    fn ask(state: &S, frame: &E::Frame<'_>) -> bool;
}

/// A body for result handlers of event `E` with state `S`.
pub trait Combine<E: EventSpec, S> {
    /// Makes one result of what the handlers before came to and what the next one answered.
    fn combine(state: &S, previous: E::Result, next: E::Result) -> E::Result;
}

/// Carries a typed handler or guard `H` as a body; `interface!` implements that for each event.
#[derive(Debug)]
pub struct Body<H>(PhantomData<H>);

/// A [`HandlerEntry`] that remembers which state it takes, and can thus be called safely.
#[derive(Debug)]
pub struct Handler<S> {
    entry: HandlerEntry,
    body: enter::BodyFn<S>,
    state: PhantomData<fn(&S)>,
}

impl<S: 'static> Handler<S> {
    /// Makes a handler of `E` with body `H`.
    pub const fn new<E: EventSpec, H: Invoke<E, S>>(options: Options<'static>) -> Self {
        Self::row::<E>(Role::Handler(options), enter::enter::<E, S, H>, enter::invoke::<E, S, H>)
    }

    /// Makes the default handler of `E` with body `H`.
    pub const fn as_default<E: EventSpec, H: Invoke<E, S>>() -> Self {
        Self::row::<E>(Role::DefaultHandler, enter::enter::<E, S, H>, enter::invoke::<E, S, H>)
    }

    /// Makes a guard for handlers of `E` with body `G`.
    pub const fn guard<E: EventSpec, G: Ask<E, S>>() -> Self {
        Self::row::<E>(Role::Guard, enter::enter_guard::<E, S, G>, enter::ask::<E, S, G>)
    }

    /// Makes a guard with body `G` that is imposed on others' handlers of `E`.
    pub const fn imposed<E: EventSpec, G: Ask<E, S>>() -> Self {
        Self::row::<E>(Role::ImposedGuard, enter::enter_guard::<E, S, G>, enter::ask::<E, S, G>)
    }

    /// Makes the result handler of `E` with body `C`.
    pub const fn result<E: EventSpec, C: Combine<E, S>>() -> Self {
        Self::row::<E>(Role::ResultHandler, enter::enter_fold::<E, S, C>, enter::combine::<E, S, C>)
    }

    const fn row<E: EventSpec>(role: Role<'static>, enter: HandlerFn, body: enter::BodyFn<S>) -> Self {
        Self { entry: HandlerEntry { event: E::DECLARATION, role, enter }, body, state: PhantomData }
    }

    /// The untyped row, for tables that the kernel reads.
    pub const fn entry(&self) -> HandlerEntry {
        self.entry
    }

    /// Whether this row is for `E`.
    pub fn is_of<E: EventSpec>(&self) -> bool {
        self.entry.event.fingerprint == E::DECLARATION.fingerprint
    }

    /// Calls a handler or default handler in the caller's own domain, as an ordinary call (a panic unwinds).
    ///
    /// # Errors
    /// [`Error::WrongEvent`] if this is for another event than `E`, [`Error::WrongRole`] if it has another role; nothing was
    /// called.
    pub fn call<E: EventSpec>(&self, state: &S, frame: &mut E::Frame<'_>) -> Result<(), Error> {
        self.check::<E>(matches!(self.entry.role, Role::Handler(_) | Role::DefaultHandler))?;
        enter::invoke_checked::<E, S>(self.body, state, frame);
        Ok(())
    }

    /// Asks a guard or imposed guard in the same way whether a raise with `frame` is wanted.
    ///
    /// # Errors
    /// Those of [`Self::call`].
    pub fn ask<E: EventSpec>(&self, state: &S, frame: &E::Frame<'_>) -> Result<bool, Error> {
        self.check::<E>(self.entry.role.is_asked())?;
        Ok(enter::ask_checked::<E, S>(self.body, state, frame))
    }

    /// Has a result handler make one result of two in the same way.
    ///
    /// # Errors
    /// Those of [`Self::call`].
    pub fn combine<E: EventSpec>(
        &self,
        state: &S,
        previous: E::Result,
        next: E::Result,
    ) -> Result<E::Result, Error> {
        self.check::<E>(matches!(self.entry.role, Role::ResultHandler))?;
        Ok(enter::combine_checked::<E, S>(self.body, state, previous, next))
    }

    fn check<E: EventSpec>(&self, has_role: bool) -> Result<(), Error> {
        if !self.is_of::<E>() {
            return Err(Error::WrongEvent { handled: self.entry.event.name, raised: E::DECLARATION.name });
        }
        if !has_role {
            return Err(Error::WrongRole { role: self.entry.role.word() });
        }
        Ok(())
    }
}
