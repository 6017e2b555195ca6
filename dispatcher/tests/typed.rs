//! A kernel handler takes the frames of one event, and is bound to no other.
mod support;

use spindle_abi::{Declaration, EventSpec, Key, KeyField};
use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{Event, Handler, InstallError, KernelHandler};
use support::{event, kernel};

/// Its frame is smaller than a packet: a packet's handler would read beyond it.
struct Other;

// SAFETY: no other event has this declaration.
unsafe impl EventSpec for Other {
    const DECLARATION: &'static Declaration = &Declaration::new("test.Other", "event test.Other()");
    const KEYS: &'static [KeyField] = &[];
    type Frame<'a> = ();
    type Result = ();

    fn result<'a>(frame: &'a mut ()) -> &'a mut () {
        frame
    }

    fn key<'a>((): &'a (), _: usize) -> Key<'a> {
        unreachable!("it has no key fields")
    }
}

impl KernelHandler<Other> for Other {
    fn handle((): &mut ()) {}
}

#[test]
fn a_kernel_handler_is_bound_to_its_own_event_only() {
    static OTHER: Event<Other, HostStrand> = Event::new();
    assert_eq!(OTHER.install(kernel::<1>()), Err(InstallError::OtherEvent("test.Packet")));
    assert_eq!(
        event().install(Handler::kernel::<Other, Other>()),
        Err(InstallError::OtherEvent("test.Other"))
    );
    assert!(OTHER.install(Handler::kernel::<Other, Other>()).is_ok());
}

#[test]
fn nor_by_a_swap() {
    static OTHER: Event<Other, HostStrand> = Event::new();
    assert_eq!(OTHER.bind(kernel::<1>()).unwrap_err(), InstallError::OtherEvent("test.Packet"));
}
