//! Closures: what a handler, guard or fold keeps is its own, lives while it may be called, and is dropped once.
#![allow(clippy::unwrap_used, reason = "what does not work in a helper fails the test that asked for it")]
mod support;

use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{Handler, InstallError, Owner, Swap, lift, uninstall};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use support::events::{Packet, Sum};
use support::{GRACE, PacketEvent, event, event_of, extension_of, packet_guard, raise, remove, seen};

/// Its strong count says how many closures that hold it are alive.
type Token = Arc<AtomicU64>;

/// A handler whose closure holds `token`, and counts its calls there.
fn holds(token: &Token) -> Handler {
    let token = Arc::clone(token);
    Handler::closure::<Packet>(move |_| {
        token.fetch_add(1, Ordering::Relaxed);
    })
    .unwrap()
}

fn alive(token: &Token) -> usize {
    Arc::strong_count(token) - 1
}

#[test]
fn one_body_serves_several_events_each_with_its_own_state() {
    let events: [&PacketEvent; 3] = [event(), event(), event()];
    let tokens: Vec<Token> = events.iter().map(|_| Token::default()).collect();
    for (event, token) in events.iter().zip(&tokens) {
        let _installed = event.install(holds(token)).unwrap();
    }
    for (times, &event) in (1..).zip(&events) {
        (0..times).for_each(|_| drop(raise(event, "", 0)));
    }
    let counted: Vec<u64> = tokens.iter().map(|token| token.load(Ordering::Relaxed)).collect();
    assert_eq!(counted, [1, 2, 3]);
}

#[test]
fn a_closure_goes_with_the_ticket_of_its_uninstall_and_not_before_the_raise_that_runs_it() {
    let event = event();
    let token = Token::default();
    let installed = event.install(holds(&token)).unwrap();
    seen(event);
    assert_eq!(alive(&token), 1);
    remove(installed);
    assert_eq!((alive(&token), token.load(Ordering::Relaxed)), (0, 1));
}

#[test]
fn one_that_was_never_installed_goes_with_its_handler_or_binding() {
    let event = event();
    let token = Token::default();
    drop(holds(&token));
    assert_eq!(alive(&token), 0);
    drop(event.bind(holds(&token)).unwrap());
    assert_eq!(alive(&token), 0);
}

#[test]
fn one_that_is_refused_goes_at_once() {
    let other = event_of::<Sum, HostStrand>();
    let token = Token::default();
    assert_eq!(other.install(holds(&token)).unwrap_err(), InstallError::OtherEvent("test.Packet"));
    assert_eq!(alive(&token), 0);
}

#[test]
fn a_guards_closure_goes_when_nothing_has_the_guard_any_more() {
    let event = event();
    let token = Token::default();
    let guard = || {
        let token = Arc::clone(&token);
        packet_guard(move |_| {
            token.fetch_add(1, Ordering::Relaxed);
            true
        })
    };
    let installed = event.install(support::extension(1).with_guard(guard())).unwrap();
    let imposed = installed.impose(guard()).unwrap();
    assert_eq!((seen(event), token.load(Ordering::Relaxed), alive(&token)), (vec![1], 2, 2));
    lift(imposed).unwrap().wait(&GRACE).unwrap();
    assert_eq!((seen(event), token.load(Ordering::Relaxed), alive(&token)), (vec![1], 3, 1));
    remove(installed);
    assert_eq!(alive(&token), 0);
}

#[test]
fn one_guard_imposed_on_two_lives_until_both_are_rid_of_it() {
    let event = event();
    let token = Token::default();
    let guard = {
        let token = Arc::clone(&token);
        packet_guard(move |_| Arc::strong_count(&token) > 0)
    };
    let a = event.install(extension_of::<Packet>(1, Owner(1))).unwrap();
    let b = event.install(extension_of::<Packet>(2, Owner(2))).unwrap();
    let swap = Swap::new().impose(&a, guard.clone()).impose(&b, guard);
    let (_, ticket) = swap.commit().unwrap();
    ticket.wait(&GRACE).unwrap();
    remove(a);
    assert_eq!((alive(&token), seen(event)), (1, vec![2]));
    remove(b);
    assert_eq!(alive(&token), 0);
}

#[test]
fn a_folds_closure_goes_with_its_binding() {
    let event = event_of::<Sum, HostStrand>();
    let token = Token::default();
    let kept = Arc::clone(&token);
    let fold =
        Handler::fold::<Sum>(move |previous, next| previous + next + kept.load(Ordering::Relaxed)).unwrap();
    let installed = event.install(fold).unwrap();
    assert_eq!(alive(&token), 1);
    remove(installed);
    assert_eq!(alive(&token), 0);
}

#[test]
fn a_closure_that_changes_bindings_when_it_is_dropped_may() {
    /// Uninstalls what it holds.
    struct Last(std::sync::Mutex<Option<spindle_dispatcher::Installed>>);
    impl Drop for Last {
        fn drop(&mut self) {
            let held = self.0.lock().unwrap().take();
            let _ticket = held.map(|installed| uninstall(installed).unwrap());
        }
    }
    let event = event();
    let other = event.install(support::extension(1)).unwrap();
    let last = Last(std::sync::Mutex::new(Some(other)));
    let keeps = Handler::closure::<Packet>(move |frame| {
        let _ = &last;
        frame.seen.push(2);
    });
    let installed = event.install(keeps.unwrap()).unwrap();
    assert_eq!(seen(event), [1, 2]);
    remove(installed);
    assert_eq!(raise(event, "", 0), Ok(vec![]), "the closure has uninstalled the other");
}
