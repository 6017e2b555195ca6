//! Once an uninstall's ticket was waited for, the handler does not run: its closure was dropped, once, and not while
//! somebody was inside.
//!
//! Seen to fail when, on purpose, the word was not read again after the mark; the strand did not fence behind its mark; the
//! writer did not fence before it looked for marks; batches were freed whether marked or not; a callee was not put into the
//! batch of the change that took it away; a crossing did not read its source again.

use crate::support::{Life, ModelStrand, check, event, is_over, must_be_over, raise};
use loom::thread;
use spindle_dispatcher::uninstall;

#[test]
fn the_only_handler_of_an_extension() {
    check(|| {
        let event = event();
        let life = Life::new(1);
        let installed = event.install(life.extension()).unwrap();
        let raiser = thread::spawn(move || raise(event, &ModelStrand::new(0)));
        let ticket = uninstall(installed).unwrap();
        if is_over(&ticket) {
            life.end();
        }
        let seen = raiser.join().unwrap();
        assert!(seen.is_empty() || seen == [1], "{seen:?}");
        assert_eq!(life.calls(), seen.len());
        must_be_over(&ticket);
    });
}

#[test]
fn one_of_two_whose_closure_the_dispatcher_drops() {
    check(|| {
        let event = event();
        let life = Life::new(1);
        let installed = event.install(life.kernel()).unwrap();
        let _other = event.install(Life::new(2).extension()).unwrap();
        let raiser = thread::spawn(move || raise(event, &ModelStrand::new(0)));
        let ticket = uninstall(installed).unwrap();
        assert_eq!(is_over(&ticket), life.is_over());
        let seen = raiser.join().unwrap();
        assert!(seen == [2] || seen == [1, 2], "{seen:?}");
        must_be_over(&ticket);
        assert!(life.is_over());
    });
}

#[test]
fn two_are_uninstalled_by_two_writers() {
    check(|| {
        let event = event();
        let lives = [Life::new(1), Life::new(2)];
        let [a, b] = lives.map(|life| event.install(life.kernel()).unwrap());
        let writer = thread::spawn(move || {
            let ticket = uninstall(b).unwrap();
            is_over(&ticket);
            ticket
        });
        let first = uninstall(a).unwrap();
        is_over(&first);
        let second = writer.join().unwrap();
        must_be_over(&first);
        must_be_over(&second);
        assert!(lives.iter().all(|life| life.is_over()));
        assert_eq!(raise(event, &ModelStrand::new(0)), []);
    });
}

#[test]
fn whoever_collects_does_not_free_what_another_raise_uses() {
    // The two changes' batches may be freed together or one by one, but never the older one last.
    check(|| {
        let event = event();
        let lives = [Life::new(1), Life::new(2)];
        let [a, b] = lives.map(|life| event.install(life.kernel()).unwrap());
        let raiser = thread::spawn(move || raise(event, &ModelStrand::new(0)));
        let first = uninstall(a).unwrap();
        let second = uninstall(b).unwrap();
        let is_second_over = is_over(&second);
        assert!(first.is_done() || !is_second_over);
        let seen = raiser.join().unwrap();
        assert!([vec![], vec![2], vec![1, 2]].contains(&seen), "{seen:?}");
        must_be_over(&second);
        assert!(lives.iter().all(|life| life.is_over()));
    });
}
