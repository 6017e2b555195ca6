//! Strands: threads of control that raise events and can be recovered from a fault.
//!
//! # Concepts
//! A [`Strand`] is what the dispatcher and the crossing write while it runs: the crossings that it is inside of,
//! the tables that its raises use, and who faulted last. The kernel runs on one strand, that of its main loop.
//!
//! # Interface
//! To raise an event, pass [`current`]. To change bindings, wait with [`AllStrands`]. To run what raises have queued, call
//! [`deliver`] from the main loop.
//!
//! # Not here
//! The stack itself: `mem`. What a fault means for a domain: `domain`.
#![no_std]
#![deny(unsafe_op_in_unsafe_fn)]

extern crate alloc;

mod executor;
mod grace;
mod null_crossing;
mod strand;

pub use executor::deliver;
pub use grace::AllStrands;
pub use null_crossing::{NullCrossing, null_handler};
pub use strand::{Strand, adopt, current, try_current};

/// An event raised by the kernel's strands.
pub type Event<E> = spindle_dispatcher::Event<E, Strand>;
