//! What an extension author imports.
//!
//! ```
//! use spindle_sdk::prelude::*;
//! # use spindle_sdk::println; // a doc test has std's macro too
//!
//! #[derive(Default)]
//! struct Hello;
//!
//! #[extension]
//! impl Hello {
//!     #[handler(console::Command, word = "hello")]
//!     fn hello(&self, _word: &str, name: &str) -> Status {
//!         println!("hello, {name}");
//!         Status::OK
//!     }
//! }
//! ```
//!
//! *Concepts.* An extension is a struct (its state) and handlers for events. It is started when the kernel
//! loads it, entered by raises, and stopped when it is unloaded. It calls the kernel through the functions of
//! the interfaces. `alloc` works: the heap is the extension's own, and is dropped whole with it. A panic ends
//! the extension, not the kernel.
//!
//! The same source is compiled to native code, to Wasm, and for tests on the host. What differs between the three is in
//! the folder `machine`; what the kernel sees of the first two is one ABI in two layouts.
//!
//! *Not here.* The interfaces ([`interfaces`]), the fake kernel for tests (`spindle-testkit`).
#![no_std]
#![deny(unsafe_code)]

#[doc(hidden)]
pub extern crate alloc;

#[cfg(any(target_os = "none", target_arch = "wasm32"))]
mod entry;
mod extension;
#[doc(hidden)]
pub mod glue;
#[cfg_attr(target_os = "none", path = "machine/native.rs")]
#[cfg_attr(target_arch = "wasm32", path = "machine/wasm.rs")]
#[cfg_attr(not(any(target_os = "none", target_arch = "wasm32")), path = "machine/host.rs")]
mod machine;
mod pages;
mod panic;
pub mod prelude;
#[doc(hidden)]
pub mod print;

pub use extension::Extension;
pub use panic::abort;
/// A lock for state that handlers change. It spins: hold it briefly, and never across a call that can raise an
/// event which the same extension handles.
pub use spin::Mutex;
pub use spindle_abi as abi;
pub use spindle_interfaces as interfaces;
pub use spindle_macros::{
    default_handler, extension, guard, handler, imposed_guard, result_handler, start, stop,
};

/// The version of the SDK, which an extension's package names.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
