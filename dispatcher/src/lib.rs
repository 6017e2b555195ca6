//! Events, handlers, and the dispatcher that links them while raises are running.
//!
//! # Concepts
//! An *event* is a procedure call with no fixed callee. *Handlers* are bound to it at run time; *raising* it calls
//! those whose *guards* hold, in order. Raise takes no lock, allocates nothing and waits for nobody; whoever changes the bindings
//! pays, by making a new *table* (see `swap`). What each word means exactly is in `docs/reference/events.md`.
//!
//! ```text
//!            raise                                       install, uninstall, swap, impose, lift
//!              │                                              │ one lock, one new table for each event
//!   native set?├── yes ─> crossing ─> handler                 v
//!              │                                  table (immutable) ── swapped in
//!              └── no ──> entry ─┬─> the kernel's own handler  │
//!                                ├─> general path: the table   └─ the old one is freed after a grace period
//!                                └─> a queue ──> executor: the table
//! ```
//!
//! # Interface
//! To declare an event implement [`spindle_abi::EventSpec`] and make a `static` [`Event`]. To raise it, call
//! [`Event::raise`]. To bind, make a [`Handler`] and [`Event::install`] it; to take away, [`uninstall`]; to do several such things as one,
//! [`Swap`]. Who may bind, an [`Authorizer`] says. What is queued, [`deliver()`] runs. What happened, [`recorded`] and
//! [`EventCore::for_each_binding`] tell.
//!
//! To use the crate elsewhere implement [`Strand`], [`Grace`] and [`Executor`]; `host` does so for threads:
//!
//! ```
//! use spindle_abi::{Declaration, EventSpec, Key, KeyField, KeyKind};
//! use spindle_dispatcher::host::HostStrand;
//! use spindle_dispatcher::{Event, Handler, KeyGuard, RaiseError};
//!
//! /// A request to a port, answered by a number.
//! struct Asked;
//! struct Frame { port: u64, answer: u32 }
//! // SAFETY: no other event has this declaration.
//! unsafe impl EventSpec for Asked {
//!     const DECLARATION: &'static Declaration = &Declaration::new("doc.Asked", "event doc.Asked(key port: u64) -> u32");
//!     const KEYS: &'static [KeyField] = &[KeyField { name: "port", kind: KeyKind::Integer }];
//!     const RETURNS: bool = true;
//!     type Frame<'a> = Frame;
//!     type Result = u32;
//!     fn result(frame: &mut Frame) -> &mut u32 { &mut frame.answer }
//!     fn key<'a>(frame: &'a Frame, _: usize) -> Key<'a> { Key::Integer(frame.port) }
//! }
//! static ASKED: Event<Asked, HostStrand> = Event::new();
//!
//! let ask = |port| {
//!     let mut frame = Frame { port, answer: 0 };
//!     HostStrand::with_current(|strand| ASKED.raise(strand, &mut frame)).map(|()| frame.answer)
//! };
//! assert_eq!(ask(80), Err(RaiseError::NoHandler));
//! for answer in [20, 22] {
//!     let handler = Handler::closure::<Asked>(move |frame| frame.answer = answer)?;
//!     let _installed = ASKED.install(handler.with_key(KeyGuard::new(0, Key::Integer(80))?))?;
//! }
//! assert_eq!(ask(80), Ok(22), "the last answer stands");
//! let _sum = ASKED.install(Handler::fold::<Asked>(|sum, next| sum + next)?)?;
//! assert_eq!(ask(80), Ok(42));
//! assert_eq!(ask(81), Err(RaiseError::NoHandler));
//! # Ok::<(), spindle_dispatcher::InstallError>(())
//! ```
//!
//! # Not here
//! What a domain is, and what happens to code that faulted: those are the kernel's.
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
#[cfg(all(feature = "std", not(loom)))]
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
