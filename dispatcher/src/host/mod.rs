//! Strands for a program on an operating system: one per thread.
//!
//! # Concepts
//! A thread's strand notes what its raises use in a record that whoever changes bindings can read ([`HostStrand`]).
//! Raising costs plain stores; the writer pays, by having every processor pass a barrier (`barrier`). Strands count
//! in lines of their own as long as there are some (`slots`).
//!
//! # Interface
//! To raise, [`HostStrand::with_current`]; to wait for a ticket, [`HostGrace`]; to have asynchronous handlers run,
//! [`Executor::start`], or call [`deliver`](crate::deliver()) now and then.
//!
//! ```
//! use spindle_abi::{Declaration, EventSpec, Key, KeyField};
//! use spindle_dispatcher::host::{Executor, HostStrand};
//! use spindle_dispatcher::{Delivery, Event, Handler, Policy};
//! use std::sync::mpsc;
//!
//! /// A measurement, by value: it can wait.
//! struct Measured;
//! // SAFETY: no other event has this declaration; the frame is a word.
//! unsafe impl EventSpec for Measured {
//!     const DECLARATION: &'static Declaration = &Declaration::new("doc.Measured", "event doc.Measured(value: u64)");
//!     const KEYS: &'static [KeyField] = &[];
//!     const QUEUEABLE: bool = true;
//!     type Frame<'a> = (u64, ());
//!     type Result = ();
//!     fn result<'a>(frame: &'a mut (u64, ())) -> &'a mut () { &mut frame.1 }
//!     fn key<'a>(_: &'a (u64, ()), _: usize) -> Key<'a> { unreachable!("no key fields") }
//! }
//! static MEASURED: Event<Measured, HostStrand> = Event::new().delivery(Delivery::new(Policy::DropOldest, 32));
//!
//! let (sender, receiver) = mpsc::channel();
//! let handler = Handler::closure::<Measured>(move |frame| sender.send(frame.0).expect("somebody listens"))?;
//! let _installed = MEASURED.install(handler.asynchronous())?;
//! let _executor = Executor::start().expect("a thread can be had");
//! HostStrand::with_current(|strand| MEASURED.raise(strand, &mut (21, ()))).expect("nobody is waited for");
//! assert_eq!(receiver.recv(), Ok(21), "handled by the executor's thread");
//! # Ok::<(), spindle_dispatcher::InstallError>(())
//! ```
//!
//! # Invariants
//! - `INV-HOST-1`: a record is written by its own thread alone. A mark counts from before what is marked is read again
//!   until it is used no more; whoever reads a record and does not find the mark any more has seen that use end.
//! - `INV-HOST-2`: between a mark and the second reading lies a full fence of that thread, or every `barrier` of a
//!   writer makes all threads pass one.
//! - `INV-HOST-3`: every thread that has marked something is in the list of records until it has ended.
//!
//! # Not here
//! Containment. A handler that faults, or panics, ends the process, as any code there would: handlers are entered
//! as `extern "C"` functions, out of which no panic unwinds. So are interrupts: a signal handler must not raise.

mod barrier;
mod clock;
mod executor;
mod slots;
mod strand;
#[cfg(test)]
mod tests;

pub use executor::Executor;
pub use strand::{HostGrace, HostStrand, MAX_DEPTH};

pub(crate) use clock::now_ns;
pub(crate) use executor::THREADS;
pub(crate) use slots::SLOTS;
