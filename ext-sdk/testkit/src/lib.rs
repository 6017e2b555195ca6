//! A fake kernel: extension tests run on the host without booting.
//!
//! ```
//! use spindle_sdk::prelude::*;
//! # use spindle_sdk::println; // a doc test has std's macro too
//! use spindle_testkit::Testkit;
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
//!
//! let mut kernel = Testkit::load::<Hello>();
//! assert_eq!(kernel.command("hello ada"), Status::OK);
//! assert_eq!(kernel.lines(), ["hello, ada"]);
//! ```
//!
//! *Concepts.* [`Testkit::load`] starts an extension as the kernel does, and binds its rows to events of the kernel's own
//! dispatcher: keys, guards, order, chains, default and result handlers mean what they mean there, and command lines are divided
//! alike. What differs is who enters them: handlers are called as ordinary procedures, and asynchronous ones on the
//! test's own thread, as soon as the raise is over. The clock stands still until a test moves it. Each
//! thread (and so each test) has a console and a clock of its own.
//!
//! *Not here.* Domains, linking, containment: `cargo xtask test` boots the real kernel for that.
#![forbid(unsafe_code)]

mod bind;
mod fake;
mod instance;
mod later;
mod somebody;
mod testkit;

pub use somebody::Somebody;
pub use testkit::{Fault, Loaded, Testkit};
