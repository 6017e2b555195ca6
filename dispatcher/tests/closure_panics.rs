//! A closure that panics when it is dropped: alone in its process, since whoever collects meets the panic.
mod support;

use spindle_dispatcher::{Handler, uninstall};
use std::sync::Arc;
use support::events::Packet;
use support::{GRACE, event, packet_guard};

struct Panics;

impl Drop for Panics {
    fn drop(&mut self) {
        panic!("this one always does");
    }
}

#[test]
fn a_closure_that_panics_when_it_is_dropped_holds_up_no_ticket() {
    let (event, panics, token) = (event(), Panics, Arc::new(()));
    let first = Handler::closure::<Packet>(move |_| {
        let _ = &panics;
    });
    let kept = Arc::clone(&token);
    let guard = packet_guard(move |_| Arc::strong_count(&kept) > 0);
    let first = event.install(first.unwrap()).unwrap();
    let second = event.install(support::extension(2).with_guard(guard)).unwrap();
    let (first, second) = (uninstall(first).unwrap(), uninstall(second).unwrap());
    let waited = std::thread::spawn(move || first.wait(&GRACE)).join();
    assert!(waited.is_err(), "who waits for it has the panic");
    second.wait(&GRACE).unwrap();
    assert_eq!(Arc::strong_count(&token), 1);
}
