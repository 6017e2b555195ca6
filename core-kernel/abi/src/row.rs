//! Rows: what each entry of an extension's handler table is for.
//!
//! *Concepts.* The kernel enters an extension at the entries of one table. What an entry is, its *role* says:
//!
//! ```text
//! role      entered with   when
//! handler   frame          a raise that its terms and its guard want
//! default   frame          a raise that no handler handled
//! result    Fold           after each handler but the first: makes one result of two
//! guard     GuardCall      before the handlers that name it
//! impose    GuardCall      before every handler of the event that is another extension's
//! ```
//!
//! *Not here.* What all that means to a raise (`spindle-dispatcher`); how it is written down (`crate::record`, `crate::package`).

use core::fmt;

use crate::text::Text;
use crate::{EventSpec, Terms};

/// Where a handler comes among the others of its event.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Order {
    /// Between the first ones and the last ones, behind those that were there before.
    #[default]
    Ordinary,
    /// Before all that are there.
    First,
    /// Behind all that are there.
    Last,
}

/// What a handler wants beside its event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options<'a> {
    /// What it asks of the key fields.
    pub terms: Terms<'a>,
    /// Its place.
    pub order: Order,
    /// Whether those behind it are not called once it has run.
    pub cancels: bool,
    /// Whether it is called later, and the raise does not wait for it.
    pub asynchronous: bool,
    /// The row of its guard.
    pub guard: Option<usize>,
}

impl Options<'_> {
    /// Every raise, at once, behind the others, and those behind it too.
    pub const NONE: Self = Options {
        terms: Terms::NONE,
        order: Order::Ordinary,
        cancels: false,
        asynchronous: false,
        guard: None,
    };
}

/// What a row is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role<'a> {
    /// It handles raises of the event.
    Handler(Options<'a>),
    /// It handles those raises that no handler did.
    DefaultHandler,
    /// It makes one result of two.
    ResultHandler,
    /// It says whether a raise is for the handlers that name it.
    Guard,
    /// It says whether a raise is for the handlers that are not its extension's.
    ImposedGuard,
}

impl Role<'_> {
    /// The word that stands for the role in records and listings.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Handler(_) => "handler",
            Self::DefaultHandler => "default",
            Self::ResultHandler => "result",
            Self::Guard => "guard",
            Self::ImposedGuard => "impose",
        }
    }

    /// Whether it is entered with a [`GuardCall`](crate::GuardCall).
    pub const fn is_asked(&self) -> bool {
        matches!(self, Self::Guard | Self::ImposedGuard)
    }
}

impl fmt::Display for Role<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// `guard`, the row of a guard for events `Guarded`, as the guard of a handler of `E`; used by `#[handler]` in a constant.
///
/// # Panics
/// With a message for the handler's author if the guard is for another event.
#[track_caller]
pub const fn guarded_by<E: EventSpec, Guarded: EventSpec>(guard: usize) -> Option<usize> {
    if !E::DECLARATION.fingerprint.is(&Guarded::DECLARATION.fingerprint) {
        refuse(&[
            "this guard is for `",
            Guarded::DECLARATION.name,
            "`, and reads its arguments: write another one for `",
            E::DECLARATION.name,
            "`",
        ])
    }
    Some(guard)
}

/// `true`, for a handler of `E` that is called later; used by `#[handler]` in a constant.
///
/// # Panics
/// With a message for the handler's author if raises of `E` cannot be delivered later.
#[track_caller]
pub const fn called_later<E: EventSpec>() -> bool {
    if !E::QUEUEABLE {
        refuse(&[
            "a handler of `",
            E::DECLARATION.name,
            "` cannot be asynchronous: the event answers something, has arguments behind references, or gaps between them",
        ])
    }
    true
}

/// Checks for a result handler of `E` that there is a result; used by `#[result_handler]` in a constant.
///
/// # Panics
/// With a message for the handler's author if there is none.
#[track_caller]
pub const fn check_returns<E: EventSpec>() {
    if !E::RETURNS {
        refuse(&["`", E::DECLARATION.name, "` answers nothing: there is no result to handle"])
    }
}

#[track_caller]
const fn refuse(parts: &[&str]) -> ! {
    let mut text = Text::<512>::new();
    let mut at = 0;
    while at < parts.len() {
        text.str(parts[at]);
        at += 1;
    }
    panic!("{}", text.as_str())
}
