//! System calls: the event that they are raised as.

use linkme::distributed_slice;
use spindle_dispatcher::{EventCore, RaiseError};
use spindle_domain::EVENTS;
use spindle_interfaces::trap::{self, Answer};
use spindle_strands::{Event, current};

use crate::events;

static SYSTEM_CALL: Event<trap::SystemCall> = Event::new().of(&events::TRAP);

#[distributed_slice(EVENTS)]
static SYSTEM_CALL_EVENT: &EventCore = SYSTEM_CALL.core();

/// Raises `trap.SystemCall`; `None` if nobody knows the number.
///
/// A handler that faults is reported and taken away at once, with all that it was part of, and has no answer.
#[inline(always)]
pub(super) fn answer(number: u64, process: u64, arguments: &[u64; 6]) -> Option<u64> {
    let mut frame = trap::SystemCall::frame(number, process, arguments);
    match SYSTEM_CALL.raise(current(), &mut frame) {
        Ok(()) => Some(trap::SystemCall::result(&frame).value),
        Err(RaiseError::NoHandler) => None,
        Err(RaiseError::Fault(_) | RaiseError::Busy(_)) => {
            events::settle();
            Some(Answer::NO_SUCH_CALL.value)
        }
    }
}
