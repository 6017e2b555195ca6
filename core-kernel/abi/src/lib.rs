//! The vocabulary that kernel, extensions and tools share: declarations, events, keys, statuses, records.
//!
//! *Concepts.* An *interface* is a set of *procedures* (the extension calls the kernel) and *events* (the
//! kernel calls the extension's *handlers*). Each is described by one [`Declaration`]: a name, a canonical
//! schema text and the [`Fingerprint`] of that text. A raise packs an event's arguments into a *frame*; a
//! handler is entered with a *closure* (the extension's state) and that frame (docs/architecture.md). A native extension
//! calls procedures as functions, a Wasm extension with a frame too; [`frame`] says how frames lie in both, and
//! [`guest`] what else a Wasm extension has.
//!
//! *Interface.* Hardly anybody writes these types by hand: `interface!`, `#[extension]` and `derive(AbiPlain)`
//! of `spindle-macros` do. The kernel reads them.
//!
//! *Invariants.*
//! - `INV-ABI-1`: a value that crosses a domain boundary is [`AbiPlain`]; behind `&mut` it is [`AbiBits`].
//! - `INV-ABI-2`: a borrowed argument lives until the call or raise that carries it returns, and no longer.
//! - `INV-ABI-3`: equal fingerprints mean equal names and types, and hence an equal frame layout for one
//!   compiler.
//!
//! *Not here.* Declarations of actual events (`spindle-interfaces`); reading packages into plans
//! (`spindle-kerncore`). Unsafe code is confined to [`plain`] and [`raw`]: this crate is where layout promises
//! are made.
#![no_std]
#![deny(unsafe_code)]

pub mod answer;
pub mod command;
pub mod declaration;
pub mod descriptor;
pub mod error;
pub mod event;
pub mod export;
pub mod fingerprint;
pub mod fold;
pub mod frame;
pub mod guard;
pub mod guest;
pub mod handler;
pub mod key;
pub mod package;
pub mod plain;
pub mod protocol;
pub mod raw;
pub mod record;
pub mod row;
pub mod schema;
pub mod status;
pub mod system_call;
pub mod term;
mod text;

pub use answer::Answer;
pub use command::split_command;
pub use declaration::Declaration;
pub use descriptor::ExtensionDescriptor;
pub use error::Error;
pub use event::EventSpec;
pub use export::{CodePointer, Export};
pub use fingerprint::Fingerprint;
pub use fold::Fold;
pub use frame::{FrameLayout, FramedFn};
pub use guard::GuardCall;
pub use handler::{Ask, Combine, Handler, HandlerEntry, HandlerFn, Invoke};
pub use key::{Key, KeyField, KeyKind};
pub use plain::{AbiBits, AbiPlain};
pub use row::{Options, Order, Role};
pub use status::Status;
pub use term::{Asked, Term, Terms};
