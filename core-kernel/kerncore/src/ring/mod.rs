//! Rings of fixed size: bytes between an interrupt handler and its reader, and the last lines of a log.

mod bytes;
mod lines;

pub use bytes::ByteRing;
pub use lines::LineRing;
