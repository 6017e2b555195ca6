//! `clock`: the time, the tick, and the timer interrupt.

use linkme::distributed_slice;
use spindle_abi::handler::Body;
use spindle_abi::{EventSpec, Export, Invoke};
use spindle_arch::time;
use spindle_dispatcher::{Delivery, EventCore, Handler, KernelHandler, Policy};
use spindle_domain::{EVENTS, PROCEDURES};
use spindle_interfaces::clock;
use spindle_strands::{Event, current};

use super::{authorizers, settle};

/// Of the ticks that a handler is late for, it gets the last one.
static TICK: Event<clock::Tick> =
    Event::new().of(&authorizers::CLOCK).delivery(Delivery::new(Policy::Coalesce, 1));

/// A handler that is late misses the oldest ones.
static INTERRUPT: Event<clock::Interrupt> =
    Event::new().of(&authorizers::CLOCK).delivery(Delivery::new(Policy::DropOldest, 16));

#[distributed_slice(EVENTS)]
static TICK_EVENT: &EventCore = TICK.core();
#[distributed_slice(EVENTS)]
static INTERRUPT_EVENT: &EventCore = INTERRUPT.core();

#[distributed_slice(PROCEDURES)]
static CLOCK: &[Export] = &clock::exports::<Clock>();

struct Clock;

impl clock::Procedures for Clock {
    fn now() -> u64 {
        time::now_ns()
    }

    fn cycles() -> u64 {
        time::cycles()
    }
}

/// Counts ticks: what the kernel itself does in a timer interrupt.
struct CountTicks;

impl clock::InterruptHandler<()> for CountTicks {
    fn handle(_state: &(), _ticks: u64) {
        time::count_tick();
    }
}

impl KernelHandler<clock::Interrupt> for CountTicks {
    fn handle(frame: &mut <clock::Interrupt as EventSpec>::Frame<'_>) {
        <Body<Self> as Invoke<clock::Interrupt, ()>>::invoke(&(), frame);
    }
}

/// Has timer interrupts counted.
pub(super) fn start() {
    super::install(INTERRUPT_EVENT, Handler::kernel::<clock::Interrupt, CountTicks>());
}

/// Raises `clock.Interrupt`. Called in the timer interrupt; what it queues, the main loop delivers.
pub(crate) fn on_timer() {
    // What faults does so when it is delivered.
    let _ = INTERRUPT.raise(current(), &mut clock::Interrupt::frame(time::ticks() + 1));
}

/// Raises `clock.Tick`. Nobody has to be listening.
pub(crate) fn tick(now_ns: u64) {
    // A fault is reported by `settle`; that nobody listens is the usual case.
    let _ = TICK.raise(current(), &mut clock::Tick::frame(now_ns));
    settle();
}
