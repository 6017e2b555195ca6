//! Wasm extensions: one module validated, bound, instantiated, and entered with the same frames as native code.
//!
//! # Concepts
//! An [`Instance`] is a module with an engine, a memory and a table of its own. It is entered like a native extension:
//! `start`, then a row of its table per raise (a handler, a guard, a result handler: [`Row`]), then `stop`. Each such
//! entry is an *activation*. What differs is that nothing of
//! the kernel's is visible to the module: the frame and everything that it refers to are copied, both ways.
//!
//! ```text
//!  kernel                                 the module's memory
//!  raise ─ frame ──── lower ────────────> window: frame, then what it refers to
//!                                           │ handler runs, metered
//!                     result, &mut  <───────┤ returns
//!                                           │ or calls an import with a frame of its own
//!  procedure <─ call ─ lift ─────────────── frame, anywhere in the memory
//!      └── result, &mut ──────────────────> the same places
//! ```
//!
//! # Interface
//! To load a module, [`Instance::new`] with what it is given ([`Import`]), what its rows are entered with and its
//! [`Limits`]; to run it, [`Instance::start`], [`Instance::enter`], [`Instance::ask`], [`Instance::stop`]. What goes wrong
//! is an [`Error`].
//!
//! # Invariants
//! - `INV-WASM-1`: whoever leaves an activation without returning from it (the kernel does, when the domain is
//!   condemned) never uses that instance again. It owns nothing outside the heap that was in force meanwhile.
//! - `INV-WASM-2`: at most one chain of activations is in an instance; a second one gets [`Error::Busy`]. An activation
//!   inside an import's call is of the same chain, and uses the store by way of that call's context alone.
//! - `INV-WASM-3`: no address, length or value from the module is used before it was checked, and none is read twice.
//! - `INV-WASM-4`: the layouts that an instance was made with are those of the procedures and events they stand for.
//!
//! # Locking
//! None of its own. The engine takes spin locks of its own instance, which nobody else can hold (`INV-WASM-2`).
//!
//! # Not here
//! Packages and manifests (`abi`); heaps, crossings and what a fault does to a domain (`domain`). The module's side of
//! it all is docs/reference/wasm-abi.md.
#![no_std]
#![deny(unsafe_code)]

extern crate alloc;

mod activity;
mod ask;
mod config;
mod error;
mod exports;
mod host;
mod imports;
mod instance;
mod lift;
mod limits;
mod lower;
mod native;
mod plan;
mod report;
mod row;
mod sections;

pub use activity::Chain;
pub use error::{Argument, Error, Fault, Refusal, Trap, Wrong};
pub use imports::Import;
pub use instance::Instance;
pub use limits::Limits;
pub use native::{Call, DIRECT};
pub use row::Row;

/// What runs the modules, for listings.
pub const ENGINE: &str = "wasmi 2.0.0";
