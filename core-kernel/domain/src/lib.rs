//! Domains: packages verified, mapped, linked, started, and taken away again to the byte.
//!
//! # Concepts
//! A *domain* is a loaded extension: its code, its heap, the handlers that it has installed. Loading is a pipeline
//! in which each step can refuse, and a refusal leaves nothing behind.
//!
//! ```text
//!  bytes ─> parse ─> signature ─> imports ─> plan ─> map ─> start ─> install ─> running
//!          (abi)        (kerncore: signature, link, plan)  (mem)  crossing  (dispatcher)
//!                                                                               │
//!  gone <── frames back <── stop <── grace period <── uninstall <── unload ─────┤
//!                             └─ skipped <── condemned <── fault ───────────────┘
//! ```
//!
//! # Interface
//! To load, [`load`]; to unload, [`unload`]; to see what there is, [`list`] and [`info`]. After raising an event,
//! [`reap`] takes away what faulted. To offer a procedure or an event, add it to [`PROCEDURES`] or [`EVENTS`].
//!
//! # Invariants
//! - `INV-DOMAIN-1`: a domain's text stays mapped while a handler of it is installed, or a node names it.
//! - `INV-DOMAIN-2`: whatever a domain holds is in its `Domain` and nowhere else, so that dropping it gives all back.
//! - `INV-DOMAIN-3`: the table's lock is held only in kernel code, never across a crossing.
//!
//! # Not here
//! The format of a package: `abi`. The arithmetic of linking: `kerncore`.
#![no_std]
#![deny(unsafe_op_in_unsafe_fn)]

extern crate alloc;

mod code;
mod domain;
mod enter;
mod error;
mod fault;
mod heap;
mod id;
mod image;
mod load;
mod registry;
mod rows;
mod runtime;
mod table;
mod unload;

pub use domain::{Info, State};
pub use enter::return_to_caller;
pub use error::{LoadError, UnloadError};
pub use fault::{Doing, FaultClass, FaultReport, contain_panic, start as start_fault_handling};
pub use id::DomainId;
pub use load::{check, load, load_unmetered};
pub use registry::{EVENTS, PROCEDURES, event, events, procedures};
pub use rows::{Purpose, Row, replicate};
pub use table::{info, list};
pub use unload::{Reaped, Unloaded, reap, unload};
