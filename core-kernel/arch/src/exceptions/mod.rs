//! Processor exceptions: their names, the frame that entry code saves, and who decides what happens next.

mod dispatch;
pub(crate) mod entry;
mod frame;
mod names;
#[cfg(feature = "provoke")]
pub mod provoke;

pub(crate) use dispatch::raise;
pub use dispatch::{Fault, Verdict, set_fault_judge, set_last_resort};
pub use frame::TrapFrame;
pub use names::{ErrorCode, Exception};
