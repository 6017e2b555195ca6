//! `use spindle_sdk::prelude::*;`: all that a first extension needs.

pub use crate::abi::Status;
pub use crate::interfaces::{bench, clock, console};
pub use crate::{Mutex, println};
pub use crate::{default_handler, extension, guard, handler, imposed_guard, result_handler, start, stop};
pub use alloc::boxed::Box;
pub use alloc::string::{String, ToString};
pub use alloc::vec::Vec;
pub use alloc::{format, vec};
