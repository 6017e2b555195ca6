//! The null procedure that extensions call, and the events that their handlers are measured by.

use linkme::distributed_slice;
use spindle_abi::Export;
use spindle_dispatcher::EventCore;
use spindle_domain::{EVENTS, PROCEDURES};
use spindle_interfaces::bench::{self, Measure, Null, Procedures};
use spindle_strands::Event;

/// Raised by `P4/native` for an extension to handle.
pub(crate) static NULL: Event<Null> = Event::new();
/// Raised for an extension to measure its own calls into the kernel.
pub(crate) static MEASURE: Event<Measure> = Event::new();

#[distributed_slice(EVENTS)]
static NULL_EVENT: &EventCore = NULL.core();
#[distributed_slice(EVENTS)]
static MEASURE_EVENT: &EventCore = MEASURE.core();

/// The kernel's side of `bench`.
struct Bench;

#[distributed_slice(PROCEDURES)]
static BENCH: &[Export] = &bench::exports::<Bench>();

impl Procedures for Bench {
    fn null() {}
}
