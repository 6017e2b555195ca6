//! Guards that are imposed and lifted while a raise asks them: each raise asks all or none of what one change imposed,
//! and a guard's closure outlives whoever is inside.

use crate::support::{Life, ModelGrace, ModelStrand, Signal, check, event, is_over, must_be_over, raise};
use loom::thread;
use spindle_dispatcher::{Guard, Swap, lift};

/// A guard that says no, and whose closure knows whether it is alive.
fn says_no(life: &'static Life) -> Guard {
    let owned = life.owned();
    let says_no = move |_: &crate::support::Frame| {
        owned.life().be_inside();
        false
    };
    Guard::kernel::<Signal>(says_no).unwrap()
}

#[test]
fn imposed_on_the_only_handler() {
    check(|| {
        let event = event();
        let (handler, guard) = (Life::new(1), Life::new(2));
        let installed = event.install(handler.extension()).unwrap();
        let raiser = thread::spawn(move || raise(event, &ModelStrand::new(0)));
        let _imposed = installed.impose(says_no(guard)).unwrap();
        assert_eq!(raise(event, &ModelStrand::new(1)), [], "who has imposed it finds it in force");
        let seen = raiser.join().unwrap();
        assert_eq!(guard.calls() - 1 + seen.len(), 1, "the raise was guarded or handled");
        spindle_dispatcher::collect(&ModelGrace::default());
    });
}

#[test]
fn lifted_while_it_is_asked() {
    check(|| {
        let event = event();
        let (handler, guard) = (Life::new(1), Life::new(2));
        let installed = event.install(handler.extension()).unwrap();
        let imposed = installed.impose(says_no(guard)).unwrap();
        let raiser = thread::spawn(move || raise(event, &ModelStrand::new(0)));
        let ticket = lift(imposed).unwrap();
        assert_eq!(is_over(&ticket), guard.is_over(), "its closure goes with the ticket");
        let seen = raiser.join().unwrap();
        assert_eq!(guard.calls() + seen.len(), 1);
        must_be_over(&ticket);
        assert_eq!(raise(event, &ModelStrand::new(1)), [1]);
    });
}

#[test]
fn one_guard_is_exchanged_for_another() {
    // No raise gets past in between.
    check(|| {
        let event = event();
        let (handler, old, new) = (Life::new(1), Life::new(2), Life::new(3));
        let installed = event.install(handler.extension()).unwrap();
        let imposed = installed.impose(says_no(old)).unwrap();
        let raiser = thread::spawn(move || raise(event, &ModelStrand::new(0)));
        let (_, ticket) = Swap::new().lift(imposed).impose(&installed, says_no(new)).commit().unwrap();
        assert_eq!(is_over(&ticket), old.is_over());
        assert_eq!(raiser.join().unwrap(), [], "nobody was let through");
        assert_eq!(old.calls() + new.calls(), 1);
    });
}
