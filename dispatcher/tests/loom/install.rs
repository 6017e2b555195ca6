//! What a raise sees of handlers that come: nothing or all of them, and never again less than before.
//!
//! Seen to fail when, on purpose, a change left the fast path only after its table was put in: a raise saw generation 2, and the
//! next one generation 1.

use crate::support::{Life, ModelStrand, check, event, raise};
use loom::thread;
use spindle_dispatcher::Swap;

#[test]
fn once_seen_a_handler_stays() {
    check(|| {
        let event = event();
        let life = Life::new(1);
        let raiser = thread::spawn(move || {
            let strand = ModelStrand::new(0);
            (raise(event, &strand).len(), raise(event, &strand).len())
        });
        let _installed = event.install(life.extension()).unwrap();
        assert_eq!(raise(event, &ModelStrand::new(1)), [1], "who has installed it sees it");
        let (first, second) = raiser.join().unwrap();
        assert!(first <= second && second <= 1);
        assert_eq!(life.calls(), first + second + 1);
    });
}

#[test]
fn of_two_installed_as_one_both_are_seen_or_none() {
    check(|| {
        let event = event();
        let lives = [Life::new(1), Life::new(2)];
        let raiser = thread::spawn(move || raise(event, &ModelStrand::new(0)));
        let _installed = event.core().install_all(lives.map(Life::extension).into()).unwrap();
        let seen = raiser.join().unwrap();
        assert!(seen.is_empty() || seen == [1, 2], "{seen:?}");
    });
}

#[test]
fn generations_on_one_event_are_seen_in_order() {
    // The way into the event changes with every step: none, a crossing, another crossing.
    check(|| {
        let event = event();
        let raiser = thread::spawn(move || {
            let strand = ModelStrand::new(0);
            (raise(event, &strand), raise(event, &strand))
        });
        let first = event.install(Life::new(1).extension()).unwrap();
        let second = event.bind(Life::new(2).extension()).unwrap();
        let _swapped = Swap::new().remove(first).add(second).commit().unwrap();
        let (one, two) = raiser.join().unwrap();
        let generation = |seen: &[u64]| match seen {
            [] => 0,
            [name] => *name,
            _ => panic!("handled twice: {seen:?}"),
        };
        assert!(generation(&one) <= generation(&two), "{one:?}, then {two:?}");
    });
}
