//! What the tests of queues share: an event whose raises can wait, and handlers that keep what they got.
#![allow(unreachable_pub, dead_code, reason = "each test file uses its own part of this")]

use spindle_abi::{Declaration, EventSpec, Key, KeyField, KeyKind};
use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{
    Authorizer, Counters, Delivery, Event, EventCore, Handler, Interface, Policy, Request, Strand, Verdict,
    deliver,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// `event test.Sample(key source: u64, value: u64)`.
pub struct Sample;

/// A sample; plain data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Frame {
    pub source: u64,
    pub value: u64,
    pub result: (),
}

// SAFETY: no other event has this declaration; the frame is two words.
unsafe impl EventSpec for Sample {
    const DECLARATION: &'static Declaration =
        &Declaration::new("test.Sample", "event test.Sample(key source: u64, value: u64)");
    const KEYS: &'static [KeyField] = &[KeyField { name: "source", kind: KeyKind::Integer }];
    const QUEUEABLE: bool = true;
    type Frame<'a> = Frame;
    type Result = ();

    fn result(frame: &mut Frame) -> &mut () {
        &mut frame.result
    }

    fn key<'a>(frame: &'a Frame, _: usize) -> Key<'a> {
        Key::Integer(frame.source)
    }
}

/// Grants everything to everybody.
struct Open;

impl Authorizer for Open {
    fn name(&self) -> &'static str {
        "test"
    }

    fn authorize(&self, _: &Request<'_>) -> Verdict {
        Verdict::Allow
    }
}

static TEST: Interface = Interface::governed("test", &Open);

pub type SampleEvent<S = HostStrand> = Event<Sample, S>;

/// An event of its own for the calling test, with such queues.
pub fn event<S: Strand>(policy: Policy, capacity: u16) -> &'static SampleEvent<S> {
    Box::leak(Box::new(Event::new().of(&TEST).delivery(Delivery::new(policy, capacity))))
}

/// One that is asynchronous itself.
pub fn asynchronous_event(policy: Policy, capacity: u16) -> &'static SampleEvent {
    let event = Event::new().of(&TEST).delivery(Delivery::new(policy, capacity)).asynchronous();
    Box::leak(Box::new(event))
}

/// Keeps the tests of a file apart: all queues of the process are delivered by whoever delivers.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Raises with these values in turn.
pub fn raise(event: &'static SampleEvent, values: impl IntoIterator<Item = u64>) {
    HostStrand::with_current(|strand| {
        for value in values {
            event
                .raise(strand, &mut Frame { source: 0, value, result: () })
                .expect("a raise that is queued succeeds");
        }
    });
}

/// Delivers on the calling thread; returns how many.
pub fn run(limit: usize) -> usize {
    HostStrand::with_current(|strand| deliver(strand, limit))
}

/// What a handler got, in order.
#[derive(Clone, Default)]
pub struct Got(Arc<Mutex<Vec<u64>>>);

impl Got {
    /// An asynchronous handler that keeps the values.
    pub fn handler(&self) -> Handler {
        self.synchronous_handler().asynchronous()
    }

    pub fn synchronous_handler(&self) -> Handler {
        let got = self.clone();
        Handler::closure::<Sample>(move |frame| got.push(frame.value)).expect("there is memory")
    }

    pub fn push(&self, value: u64) {
        self.0.lock().expect("nobody panics with it").push(value);
    }

    /// The values so far.
    pub fn values(&self) -> Vec<u64> {
        self.0.lock().expect("nobody panics with it").clone()
    }
}

/// The counters of each binding of the event.
pub fn counters(event: &EventCore) -> Vec<Counters> {
    let mut counters = Vec::new();
    HostStrand::with_current(|strand| {
        event.for_each_binding(strand, |binding| counters.push(binding.counters()));
    });
    counters
}

/// How many raises wait for each binding of the event.
pub fn waiting(event: &EventCore) -> Vec<usize> {
    let mut waiting = Vec::new();
    HostStrand::with_current(|strand| {
        event.for_each_binding(strand, |binding| waiting.extend(binding.queue().map(|(_, waiting)| waiting)));
    });
    waiting
}
