//! Extensions: from a folder to a package.
//!
//! ```text
//!  folder ─ certify ─> compile ─ link -r ─> object ─ plan, notes ─> package ─ sign ─> target/spindle/ext/NAME.ext
//!    │      rules,      -F unsafe_code      one, nothing            manifest  a key of this
//!    │      file:line                       unused                            clone's own
//!    └───────────────> compile ───────────> module ─ validate, notes ─> package ────> target/spindle/ext/NAME.wasm.ext
//!  FILE.wat, FILE.wasm ───────────────────────┘
//! ```
//! *Interface.* [`run`] for `cargo xtask ext ...`; [`attempt`] and [`build`] for the packages of the ramdisk;
//! [`keys::public_key_hex`] for the key that the kernel is built to trust.
//!
//! *Invariants.*
//! - INV-EXT-1: nothing is signed that was not certified from the same bytes in the same run.
//! - INV-EXT-2: what is packed has passed the check that the kernel will make (`kerncore::plan`, the Wasm engine).
//! - INV-EXT-3: the secret key is readable by its owner only and is never in the repository.
//!
//! *Not here.* Pushing a package into a running kernel: `push`, of which [`Command`] has the options.

mod attempt;
mod build;
mod certify;
mod command;
mod compile;
mod crates;
mod engine;
pub(crate) mod foreign;
mod fresh;
pub(crate) mod keys;
mod link;
mod module;
mod new;
mod notes;
mod object;
mod pack;

pub(crate) use build::{Variant, attempt, build};
pub(crate) use command::{Command, run};
