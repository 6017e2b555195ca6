//! `health`: how the kernel and its extensions find themselves.

use linkme::distributed_slice;
use spindle_abi::handler::Body;
use spindle_abi::{EventSpec, Invoke};
use spindle_dispatcher::{EventCore, Handler, KernelHandler, RaiseError};
use spindle_domain::EVENTS;
use spindle_interfaces::health::{self, Report};
use spindle_mem::{Owner, usage};
use spindle_strands::{Event, current};

use super::{authorizers, settle};

/// With less than this part of memory free the kernel is strained, or failing.
const STRAINED_BELOW: u64 = 8;
const FAILING_BELOW: u64 = 64;

static CHECK: Event<health::Check> = Event::new().of(&authorizers::HEALTH);

#[distributed_slice(EVENTS)]
static CHECK_EVENT: &EventCore = CHECK.core();

/// What the kernel says of itself.
struct Kernel;

impl health::CheckHandler<()> for Kernel {
    fn handle(_state: &()) -> Report {
        let usage = usage();
        let (all, free) = (usage.total_bytes(), usage.bytes_of(Owner::FREE));
        match free {
            _ if free < all / FAILING_BELOW => Report::FAILING,
            _ if free < all / STRAINED_BELOW => Report::STRAINED,
            _ => Report::FINE,
        }
    }
}

impl KernelHandler<health::Check> for Kernel {
    fn handle(frame: &mut <health::Check as EventSpec>::Frame<'_>) {
        <Body<Self> as Invoke<health::Check, ()>>::invoke(&(), frame);
    }
}

/// Has the kernel answer for itself.
pub(super) fn start() {
    super::install(CHECK_EVENT, Handler::kernel::<health::Check, Kernel>());
}

/// Raises `health.Check`.
///
/// # Errors
/// [`RaiseError::Fault`] and [`RaiseError::Busy`]: one that was asked did not answer.
pub(crate) fn check() -> Result<Report, RaiseError> {
    let mut frame = health::Check::frame();
    let raised = CHECK.raise(current(), &mut frame);
    settle();
    raised.map(|()| health::Check::result(&frame))
}
