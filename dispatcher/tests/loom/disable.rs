//! Disabling an owner takes no lock: whatever a writer does to the event meanwhile, nobody enters the owner's handlers
//! afterwards.
//!
//! Seen to fail when, on purpose, an install did not look for a disabled owner after it had set the fast path, or did not fence
//! before it looked.

use crate::support::{Life, ModelStrand, check, event, raise};
use loom::thread;
use spindle_dispatcher::{Owner, uninstall};

#[test]
fn while_its_handler_becomes_the_only_one() {
    check(|| {
        let event = event();
        let (life, other) = (Life::new(1), Life::new(2));
        let _installed = event.install(life.extension()).unwrap();
        let other = event.install(other.extension()).unwrap();
        let writer = thread::spawn(move || drop(uninstall(other).unwrap()));
        let strand = ModelStrand::new(0);
        event.core().disable_owner(&strand, Owner(1));
        writer.join().unwrap();
        assert_eq!(raise(event, &strand), []);
    });
}

#[test]
fn while_it_is_raised() {
    check(|| {
        let event = event();
        let _installed = event.install(Life::new(1).extension()).unwrap();
        let raiser = thread::spawn(move || {
            let strand = ModelStrand::new(1);
            (raise(event, &strand).len(), raise(event, &strand).len())
        });
        event.core().disable_owner(&ModelStrand::new(0), Owner(1));
        assert_eq!(raise(event, &ModelStrand::new(0)), []);
        let (first, second) = raiser.join().unwrap();
        assert!(second <= first, "once it is out it stays out");
    });
}
