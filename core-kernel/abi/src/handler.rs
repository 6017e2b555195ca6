//! Handlers: code of one domain that an event can enter.

use core::marker::PhantomData;

use crate::raw::enter;
use crate::{Declaration, Error, EventSpec, Options, Role};

/// The entry point of a handler.
///
/// # Safety
/// `closure` points to the state that the handler was made for, `frame` to a frame of its event; both stay
/// valid until it returns, and nothing else uses the frame meanwhile.
pub type HandlerFn = unsafe extern "C" fn(closure: *const (), frame: *mut ());

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

/// Carries a typed handler `H` as an [`Invoke`] body; `interface!` implements that for each event.
#[derive(Debug)]
pub struct Body<H>(PhantomData<H>);

/// A [`HandlerEntry`] that remembers which state it takes, and can thus be called safely.
#[derive(Debug)]
pub struct Handler<S> {
    entry: HandlerEntry,
    invoke: enter::InvokeFn<S>,
    state: PhantomData<fn(&S)>,
}

impl<S: 'static> Handler<S> {
    /// Makes a handler of `E` with body `H`.
    pub const fn new<E: EventSpec, H: Invoke<E, S>>(options: Options<'static>) -> Self {
        let role = Role::Handler(options);
        let entry = HandlerEntry { event: E::DECLARATION, role, enter: enter::enter::<E, S, H> };
        Self { entry, invoke: enter::invoke::<E, S, H>, state: PhantomData }
    }

    /// The untyped row, for tables that the kernel reads.
    pub const fn entry(&self) -> HandlerEntry {
        self.entry
    }

    /// Calls the handler in the caller's own domain, as an ordinary call (a panic unwinds).
    ///
    /// # Errors
    /// [`Error::WrongEvent`] if this handles another event than `E`; nothing was called.
    pub fn call<E: EventSpec>(&self, state: &S, frame: &mut E::Frame<'_>) -> Result<(), Error> {
        if self.entry.event.fingerprint != E::DECLARATION.fingerprint {
            return Err(Error::WrongEvent { handled: self.entry.event.name, raised: E::DECLARATION.name });
        }
        enter::call_checked::<E, S>(self.invoke, state, frame);
        Ok(())
    }

    /// Whether this is a handler of `E` whose terms `frame` fulfils.
    pub fn matches<E: EventSpec>(&self, frame: &E::Frame<'_>) -> bool {
        let Role::Handler(options) = self.entry.role else { return false };
        self.entry.event.fingerprint == E::DECLARATION.fingerprint
            && options.terms.hold(|field| E::key(frame, field))
    }
}
