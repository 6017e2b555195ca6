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

use crate::Terms;

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
    Default,
    /// It makes one result of two.
    Result,
    /// It says whether a raise is for the handlers that name it.
    Guard,
    /// It says whether a raise is for the handlers that are not its extension's.
    Impose,
}

impl Role<'_> {
    /// The word that stands for the role in records and listings.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Handler(_) => "handler",
            Self::Default => "default",
            Self::Result => "result",
            Self::Guard => "guard",
            Self::Impose => "impose",
        }
    }

    /// Whether it is entered with a [`GuardCall`](crate::GuardCall).
    pub const fn is_asked(&self) -> bool {
        matches!(self, Self::Guard | Self::Impose)
    }
}

impl fmt::Display for Role<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}
