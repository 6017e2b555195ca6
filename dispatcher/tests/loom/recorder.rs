//! The flight recorder: what is read was written whole by one writer, however many write and overtake one another.
//!
//! Seen to fail when, on purpose, a reader did not look at the turn again; reader or writer did not fence; a place was not
//! claimed.

use crate::support::{Life, ModelStrand, SignalEvent, check, event, raise};
use loom::thread;
use spindle_dispatcher::{BindingId, Entry, What, recorded, set_recording, unrecorded};

/// What an event's only binding records.
fn expected(event: &'static SignalEvent, binding: BindingId, owner: u32) -> impl Fn(&Entry) -> bool {
    move |entry| {
        entry.event == event.core()
            && entry.binding == binding
            && entry.owner.0 == owner
            && entry.what == What::Ran
            && entry.time == 7
    }
}

#[test]
fn no_entry_is_torn() {
    // In a model the recorder has two entries: the third raise comes round to the first one's.
    check(|| {
        let (a, b) = (event(), event());
        let of_a = a.install(Life::new(1).extension()).unwrap().id();
        let of_b = b.install(Life::new(2).extension()).unwrap().id();
        set_recording(true);
        let raiser = thread::spawn(move || drop(raise(a, &ModelStrand::new(0))));
        let strand = ModelStrand::new(1);
        raise(b, &strand);
        raise(b, &strand);
        let (is_a, is_b) = (expected(a, of_a, 1), expected(b, of_b, 2));
        let entries: Vec<Entry> = recorded().collect();
        assert!(entries.iter().all(|entry| is_a(entry) || is_b(entry)), "{entries:?}");
        raiser.join().unwrap();
        let kept = recorded().count() as u64;
        assert!(kept + unrecorded() >= 2, "{kept} kept, {} given up", unrecorded());
    });
}
