//! What the host's benchmarks call: the kernel's own event, crossing and strand, on a strand of the benchmark's.
//!
//! *Not here.* The same in the kernel: `benches/guest`.
#![forbid(unsafe_code)]

mod suite;
pub mod wasm;

pub use suite::{NANOSECONDS, Suite, Watch, thread_time_ns};

use spindle_abi::EventSpec;
use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{Handler, KernelHandler};
use spindle_strands::{Event, Strand};
use std::hint::black_box;

/// The null procedure: nothing but its return.
#[inline(never)]
pub fn null() {
    black_box(());
}

/// A strand of the kernel's without a stack of its own: raising and crossing only use its record.
pub fn strand() -> Strand {
    Strand::new(0, 0)
}

/// An event of the kernel that nobody handles yet.
pub fn event<E: EventSpec>() -> &'static Event<E> {
    Box::leak(Box::new(Event::new()))
}

/// An event of the threads of a program.
pub type ThreadEvent<E> = spindle_dispatcher::Event<E, HostStrand>;

/// An event of threads that nobody handles yet.
pub fn thread_event<E: EventSpec>() -> &'static ThreadEvent<E> {
    Box::leak(Box::new(ThreadEvent::new()))
}

/// A kernel handler that does nothing.
#[derive(Debug)]
pub struct Nothing;

impl<E: EventSpec> KernelHandler<E> for Nothing {
    fn handle(_frame: &mut E::Frame<'_>) {
        black_box(());
    }
}

impl Nothing {
    /// It, ready to be installed.
    pub fn handler<E: EventSpec>() -> Handler {
        Handler::kernel::<E, Self>()
    }
}
