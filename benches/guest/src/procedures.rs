//! The procedures that extensions call to be measured, and the events that their handlers are measured by.

use linkme::distributed_slice;
use spindle_abi::{Export, Status};
use spindle_dispatcher::{Authorizer, EventCore, Interface, RaiseError, Request, Verdict};
use spindle_domain::{EVENTS, PROCEDURES, return_to_caller};
use spindle_interfaces::bench::{self, Five, Guarded, Keyed, Measure, Nested, Null, One, Packet, Procedures};
use spindle_strands::{Event, current};

/// The events that exist to be measured.
static MEASURED: Interface = Interface::governed("bench", &Anybody);

/// Lets everybody bind anything.
struct Anybody;

impl Authorizer for Anybody {
    fn name(&self) -> &'static str {
        "bench"
    }

    fn authorize(&self, _request: &Request<'_>) -> Verdict {
        Verdict::Allow
    }
}

/// Raised by `P4/native` for an extension to handle.
pub(crate) static NULL: Event<Null> = Event::new().of(&MEASURED);
/// Raised for an extension to measure its own calls into the kernel.
pub(crate) static MEASURE: Event<Measure> = Event::new().of(&MEASURED);
/// Raised from within the procedure `bench.nest`.
static NESTED: Event<Nested> = Event::new().of(&MEASURED);

/// Raised with arguments.
pub(crate) static ONE: Event<One> = Event::new().of(&MEASURED);
/// Raised with more of them.
pub(crate) static FIVE: Event<Five> = Event::new().of(&MEASURED);
/// Raised for handlers behind guards that are code.
pub(crate) static GUARDED: Event<Guarded> = Event::new().of(&MEASURED);
/// Raised for handlers behind keys.
pub(crate) static KEYED: Event<Keyed> = Event::new().of(&MEASURED);
/// Raised for packet filters.
pub(crate) static PACKET: Event<Packet> = Event::new().of(&MEASURED);

#[distributed_slice(EVENTS)]
static ONE_EVENT: &EventCore = ONE.core();
#[distributed_slice(EVENTS)]
static FIVE_EVENT: &EventCore = FIVE.core();
#[distributed_slice(EVENTS)]
static GUARDED_EVENT: &EventCore = GUARDED.core();
#[distributed_slice(EVENTS)]
static KEYED_EVENT: &EventCore = KEYED.core();
#[distributed_slice(EVENTS)]
static PACKET_EVENT: &EventCore = PACKET.core();
#[distributed_slice(EVENTS)]
static NULL_EVENT: &EventCore = NULL.core();
#[distributed_slice(EVENTS)]
static MEASURE_EVENT: &EventCore = MEASURE.core();

#[distributed_slice(EVENTS)]
static NESTED_EVENT: &EventCore = NESTED.core();

/// The kernel's side of `bench`.
struct Bench;

#[distributed_slice(PROCEDURES)]
static BENCH: &[Export] = &bench::exports::<Bench>();

impl Procedures for Bench {
    fn null() {}

    fn nest(depth: u32) -> Status {
        let outcome = match nest(depth) {
            Ok(status) => status,
            Err(RaiseError::NoHandler) => Status::UNHANDLED,
            Err(RaiseError::Fault(_) | RaiseError::Busy(_)) => Status::FAILED,
        };
        return_to_caller();
        outcome
    }
}

/// Raises `bench.Nested`, whose handlers may call `bench.nest` again.
///
/// # Errors
/// As of any raise.
pub fn nest(depth: u32) -> Result<Status, RaiseError> {
    let mut frame = Nested::frame(depth);
    NESTED.raise(current(), &mut frame).map(|()| Nested::result(&frame))
}
