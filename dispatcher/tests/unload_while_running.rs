//! After an uninstall's ticket has been waited for, the handler does not run and its closure may go away.
mod support;

use spindle_abi::HandlerFn;
use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{Handler, Owner, WaitError, uninstall};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use support::events::PacketFrame as Frame;
use support::{GRACE, event, extension, kernel, raise};

/// A closure that says whether it is still alive.
struct Closure {
    alive: AtomicBool,
    calls: AtomicU64,
}

unsafe extern "C" fn check_alive(closure: *const (), _frame: *mut ()) {
    // SAFETY: the test leaks every closure, and only marks it dead.
    let closure = unsafe { &*closure.cast::<Closure>() };
    assert!(closure.alive.load(Ordering::SeqCst), "ran after its ticket was waited for");
    closure.calls.fetch_add(1, Ordering::Relaxed);
}

fn closure() -> (&'static Closure, Handler) {
    let closure: &'static Closure =
        Box::leak(Box::new(Closure { alive: AtomicBool::new(true), calls: AtomicU64::new(0) }));
    // SAFETY: `check_alive` takes such a closure, which lives for ever, and ignores the frame.
    let handler =
        unsafe { Handler::extension(check_alive as HandlerFn, (&raw const *closure).cast(), Owner(1)) };
    (closure, handler)
}

#[test]
fn install_and_uninstall_while_two_threads_raise() {
    let event = event();
    let stop = AtomicBool::new(false);
    let mut calls = 0;
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let _ = raise(event, "", 0);
                }
            });
        }
        for round in 0..2_000 {
            let (closure, handler) = closure();
            let installed = event.install(handler).unwrap();
            let other = (round % 3 == 0).then(|| event.install(kernel::<1>()).unwrap());
            raise(event, "", 0).unwrap();
            uninstall(installed).unwrap().wait(&GRACE).unwrap();
            closure.alive.store(false, Ordering::SeqCst);
            calls += closure.calls.load(Ordering::Relaxed);
            if let Some(other) = other {
                uninstall(other).unwrap().wait(&GRACE).unwrap();
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert!(calls >= 2_000, "every round's own raise ran the handler: {calls}");
}

#[test]
fn waiting_inside_a_handler_is_refused() {
    unsafe extern "C" fn waits(closure: *const (), frame: *mut ()) {
        // SAFETY: the closure is the event.
        let event = unsafe { &*closure.cast::<support::PacketEvent>() };
        // SAFETY: the frame is one of its packets.
        let frame = unsafe { &mut *frame.cast::<Frame>() };
        let installed = event.install(extension(1)).unwrap();
        let refused = uninstall(installed).unwrap().wait(&GRACE) == Err(WaitError::InsideHandler);
        frame.seen.push(u64::from(refused));
    }
    let event = event();
    // SAFETY: `waits` is installed on the event that is its closure.
    let handler = unsafe { Handler::extension(waits as HandlerFn, (&raw const *event).cast(), Owner(1)) };
    let installed = event.install(handler).unwrap();
    assert_eq!(raise(event, "", 0), Ok(vec![1]));
    uninstall(installed).unwrap().wait(&GRACE).unwrap();
}

#[test]
fn a_disabled_owner_is_not_called_again_though_still_installed() {
    let event = event();
    let _theirs = event.install(extension(1)).unwrap();
    HostStrand::with_current(|strand| event.core().disable_owner(strand, Owner(1)));
    assert_eq!(raise(event, "", 0), Ok(vec![]), "the fast path is left at once");
    let _ours = event.install(kernel::<2>()).unwrap();
    assert_eq!(raise(event, "", 0), Ok(vec![2]));
}
