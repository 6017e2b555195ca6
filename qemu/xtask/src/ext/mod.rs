//! Extensions: from a folder to a signed package.
//!
//! ```text
//!  folder ─ certify ─> compile ─ link -r ─> object ─ plan, notes ─> package ─ sign ─> target/spindle/ext/NAME.ext
//!           rules,      -F unsafe_code      one, nothing            manifest  a key of this
//!           file:line                       unused                            clone's own
//! ```
//! *Interface.* [`run`] for `cargo xtask ext ...`; [`build_all`] for the packages of the ramdisk;
//! [`keys::public_key_hex`] for the key that the kernel is built to trust.
//!
//! *Invariants.*
//! - INV-EXT-1: nothing is signed that was not certified from the same bytes in the same run.
//! - INV-EXT-2: what is packed has passed the check that the kernel will make (`kerncore::plan`).
//! - INV-EXT-3: the secret key is readable by its owner only and is never in the repository.
//!
//! *Not here.* Pushing a package into a running kernel; that comes with the control protocol.

mod build;
mod certify;
mod command;
mod compile;
mod crates;
mod fresh;
pub(crate) mod keys;
mod link;
mod new;
mod notes;
mod object;
mod pack;

pub(crate) use build::{Variant, build, build_all};
pub(crate) use command::{Command, run};
