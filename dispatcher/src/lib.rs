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
#![deny(unsafe_code)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod authorize;
mod binding;
mod deliver;
mod edit;
mod error;
mod event;
mod executor;
mod guard;
mod handler;
#[cfg(feature = "std")]
pub mod host;
mod install;
mod key;
mod observe;
mod order;
mod outcome;
mod owner;
mod queue;
#[allow(unsafe_code, reason = "the one module that has it; its invariants are numbered")]
mod raw;
mod reclaim;
mod recorder;
mod settle;
mod swap;
mod sync;
mod table;
mod tally;

pub use authorize::{Authorizer, Interface, Request, Verdict, Wish};
pub use binding::{BindingId, BindingView};
pub use deliver::{deliver, is_anything_queued};
pub use error::{InstallError, RaiseError, WaitError};
pub use event::{Event, EventCore};
pub use executor::Executor;
pub use guard::Guard;
pub use handler::{Handler, KernelHandler, Kind, Role};
pub use install::{Bound, Imposed, Installed, install, lift, uninstall};
pub use key::KeyGuard;
pub use observe::{are_times_taken, is_recording, set_recording, set_times};
pub use order::{Group, Order};
pub use owner::Owner;
pub use queue::{Delivery, Policy};
pub use raw::callee::Callee;
pub use raw::strand::{Crossed, Grace, Mark, Strand};
pub use reclaim::{Ticket, collect};
pub use recorder::{Entry, What, recorded, unrecorded};
pub use swap::Swap;
pub use tally::Counters;
