//! What the host's benchmarks call: the kernel's own event, crossing and strand, on a strand of the benchmark's.
//!
//! *Not here.* The same in the kernel: `benches/guest`.
#![forbid(unsafe_code)]

pub mod wasm;

use spindle_dispatcher::{Handler, KernelHandler};
use spindle_interfaces::bench::Null;
use spindle_strands::{Event, Strand};
use std::hint::black_box;

/// The null procedure: nothing but its return.
#[inline(never)]
pub fn null() {
    black_box(());
}

/// A strand without a stack of its own: raising and crossing only use its record.
pub fn strand() -> Strand {
    Strand::new(0, 0)
}

/// An event that nobody handles yet.
pub fn event() -> &'static Event<Null> {
    Box::leak(Box::new(Event::new()))
}

/// A kernel handler that does nothing.
#[derive(Debug)]
pub struct Nothing;

impl KernelHandler<Null> for Nothing {
    fn handle(_frame: &mut <Null as spindle_abi::EventSpec>::Frame<'_>) {
        black_box(());
    }
}

impl Nothing {
    /// It, ready to be installed.
    pub fn handler() -> Handler {
        Handler::kernel::<Null, Self>()
    }
}
