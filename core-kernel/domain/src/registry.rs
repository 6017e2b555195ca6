//! What the kernel offers to extensions: procedures to call and events to handle, gathered at link time.

use linkme::distributed_slice;
use spindle_abi::Export;
use spindle_dispatcher::EventCore;

/// The procedures of one interface each.
#[distributed_slice]
pub static PROCEDURES: [&'static [Export]];

/// The events that extensions may handle.
#[distributed_slice]
pub static EVENTS: [&'static EventCore];

/// Every exported procedure.
pub fn procedures() -> impl Iterator<Item = &'static Export> + Clone {
    PROCEDURES.iter().flat_map(|exports| exports.iter())
}

/// Every event.
pub fn events() -> impl Iterator<Item = &'static EventCore> + Clone {
    EVENTS.iter().copied()
}

/// The event called `name`.
pub fn event(name: &str) -> Option<&'static EventCore> {
    events().find(|event| event.declaration().name == name)
}
