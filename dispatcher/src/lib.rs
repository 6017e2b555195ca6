//! Events, handlers, and the dispatcher that links them while raises are running.
//!
//! # Concepts
//! An *event* is a procedure call with no fixed callee. *Handlers* are bound to it at run time; *raising* it calls
//! those whose *guards* hold. A *binding* is one handler on one event. Raise takes no lock, allocates nothing and
//! waits for nobody; whoever changes the bindings pays (see `table`).
//!
//! ```text
//!            raise                                  install, uninstall, swap
//!              │                                              │ one lock, one new table
//!   native set?├── yes ─> crossing ─> handler                 v
//!              │                                  table (immutable) ── swapped in
//!              └── no ──> entry ─┬─> the kernel's own handler  │
//!                                └─> general path: the table   └─ the old one is freed after a grace period
//! ```
//!
//! # Interface
//! To declare an event implement [`spindle_abi::EventSpec`] and make a `static` [`Event`]. To raise it, call
//! [`Event::raise`]. To bind, [`Event::install`]; to take away, [`uninstall`]; to replace across events, [`Swap`].
//! To use the crate elsewhere implement [`Strand`] and [`Grace`]; `host` does so for threads.
//!
//! # Not here
//! What a domain is, who may install, and what happens to code that faulted: those are the kernel's.
#![no_std]
#![deny(unsafe_op_in_unsafe_fn)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod binding;
mod error;
mod event;
#[cfg(feature = "std")]
pub mod host;
mod install;
mod key;
mod owned;
mod reclaim;
mod strand;
mod swap;
mod table;

pub use binding::{Binding, BindingView, Handler, KernelFn, KernelHandler, Kind, Owner};
pub use error::{InstallError, RaiseError, WaitError};
pub use event::{Event, EventCore};
pub use install::{Installed, install, uninstall};
pub use key::KeyGuard;
pub use reclaim::{Ticket, collect};
pub use strand::{Crossed, Grace, Mark, Strand};
pub use swap::Swap;
