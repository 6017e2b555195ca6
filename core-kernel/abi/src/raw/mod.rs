//! Layout that crosses a boundary natively, and the few unsafe operations on it.
//!
//! *Concepts.* `&str` and `&[T]` have no promised layout, so they cross as pointer and length; the lifetime
//! stays in the type (`INV-ABI-2`). The fields are private: such a value is only ever made from a real
//! reference.
#![allow(unsafe_code, reason = "layout promises live here; see docs/adr")]

pub(crate) mod enter;
mod framed;
mod keep;
mod pointer;
mod probe;
mod slice;

pub use framed::{FramedCall, ImportFrame, ResultSlot, call_import, framed};
pub use keep::keep;
pub use pointer::CodePointer;
pub use probe::{STACK_RESERVE_BYTES, stack_probe};
pub use slice::{RawSlice, RawSliceMut, RawStr};
