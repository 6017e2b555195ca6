//! Strands that fence in either way, while the bindings that they raise through are changed.

use super::{HostGrace, HostStrand};
use crate::{Event, Handler, uninstall};
use spindle_abi::{Declaration, EventSpec, Key, KeyField};
use std::boxed::Box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

struct Tick;

// SAFETY: no other event has this declaration.
#[allow(unsafe_code, reason = "a test declares an event by hand")]
unsafe impl EventSpec for Tick {
    const DECLARATION: &'static Declaration = &Declaration::new("host.Tick", "event host.Tick()");
    const KEYS: &'static [KeyField] = &[];
    type Frame<'a> = ();
    type Result = ();

    fn result(frame: &mut ()) -> &mut () {
        frame
    }

    fn key<'a>(_: &'a (), _: usize) -> Key<'a> {
        unreachable!("no key fields")
    }
}

/// What a handler's closure owns; says when it is dropped.
struct Owned(Arc<AtomicBool>);

impl Drop for Owned {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Installs and uninstalls handlers whose closures know when they are dropped, while two threads raise.
fn change_while_raised(fences: bool) -> u64 {
    let event: &'static Event<Tick, HostStrand> = Box::leak(Box::new(Event::new()));
    let (is_over, calls) = (AtomicBool::new(false), Arc::new(AtomicU64::new(0)));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let strand = HostStrand::new(fences);
                while !is_over.load(Ordering::Relaxed) {
                    event.raise(&strand, &mut ()).expect("a notification is no question");
                }
            });
        }
        for _ in 0..1_000 {
            let (is_dropped, calls) = (Arc::new(AtomicBool::new(false)), Arc::clone(&calls));
            let owned = Owned(Arc::clone(&is_dropped));
            let handler = Handler::closure::<Tick>(move |_| {
                assert!(!owned.0.load(Ordering::SeqCst), "entered after it was freed");
                calls.fetch_add(1, Ordering::Relaxed);
                assert!(!owned.0.load(Ordering::SeqCst), "freed while somebody was in it");
            });
            let installed = event.install(handler.expect("there is memory")).expect("the kernel's own");
            HostStrand::with_current(|strand| event.raise(strand, &mut ())).expect("as above");
            let ticket = uninstall(installed).expect("it was installed");
            ticket.wait(&HostGrace).expect("outside any raise");
            assert!(is_dropped.load(Ordering::SeqCst), "it goes with its ticket");
        }
        is_over.store(true, Ordering::Relaxed);
    });
    calls.load(Ordering::Relaxed)
}

#[test]
fn nobody_is_in_a_handler_that_was_waited_for_whichever_side_fences() {
    for fences in [false, true] {
        assert!(change_while_raised(fences) >= 1_000, "this thread raised through every one of them");
    }
}
