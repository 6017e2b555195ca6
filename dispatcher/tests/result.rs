//! Results: whose answer the raiser gets.
#![allow(clippy::unwrap_used, reason = "what does not work in a helper fails the test that asked for it")]
mod support;

use spindle_abi::Fold;
use spindle_dispatcher::{Event, Handler, InstallError, KernelHandler, Owner, RaiseError, Role, Swap};
use support::events::{Packet, Sum, SumFrame};
use support::strand::Contained;
use support::{TEST, closure, event, event_of, extension_of, extension_that, leaked, raise_with, remove};

type SumEvent = Event<Sum, Contained>;

fn answer(event: &'static SumEvent) -> Result<u64, RaiseError> {
    let mut frame = SumFrame { result: 5, ..SumFrame::default() };
    raise_with(event, &mut frame).map(|()| frame.result)
}

fn fold(fold: impl Fn(u64, u64) -> u64 + Send + Sync + 'static) -> Handler {
    Handler::fold::<Sum>(fold).unwrap()
}

struct Nine;

impl KernelHandler<Sum> for Nine {
    fn handle(frame: &mut SumFrame) {
        frame.result = 9;
    }
}

#[test]
fn the_only_handler_answers_whatever_its_kind() {
    let nine = || [Handler::kernel::<Sum, Nine>(), closure::<Sum>(9), extension_of::<Sum>(9, Owner(1))];
    for handler in nine() {
        let event = event_of();
        let _installed = event.install(handler).unwrap();
        assert_eq!(answer(event), Ok(9));
    }
}

#[test]
fn without_a_fold_the_last_answer_wins() {
    let event = event_of();
    let _a = event.install(closure::<Sum>(1)).unwrap();
    let b = event.install(extension_of::<Sum>(2, Owner(1))).unwrap();
    let _c = event
        .install(closure::<Sum>(3).with_guard(spindle_dispatcher::Guard::kernel::<Sum>(|_| false).unwrap()));
    assert_eq!(answer(event), Ok(2));
    remove(b);
    assert_eq!(answer(event), Ok(1));
}

#[test]
fn each_handler_finds_the_initial_answer_not_the_one_before() {
    let event = event_of();
    let adds = |frame: &mut SumFrame| frame.result += 1;
    for _ in 0..3 {
        let _installed = event.install(extension_that::<Sum, _>(adds)).unwrap();
    }
    assert_eq!(answer(event), Ok(6), "each made 6 of the raiser's 5");
}

#[test]
fn a_fold_makes_one_of_many_in_order() {
    let event: &SumEvent = event_of();
    let _fold = event.install(fold(|previous, next| previous * 10 + next)).unwrap();
    assert_eq!(answer(event), Err(RaiseError::NoHandler), "there is nothing to fold");
    let mut installed = Vec::new();
    for (count, expected) in [(1, 1), (2, 12), (3, 123), (4, 1234)] {
        installed.push(event.install(closure::<Sum>(count)).unwrap());
        assert_eq!(answer(event), Ok(expected));
    }
    remove(installed.remove(1));
    assert_eq!(answer(event), Ok(134));
}

#[test]
fn an_extension_folds_as_the_kernel_does() {
    unsafe extern "C" fn sum(_closure: *const (), fold: *mut ()) {
        // SAFETY: a result handler is entered with a fold of the event's results.
        let fold = unsafe { &mut *fold.cast::<Fold<u64>>() };
        fold.result = fold.previous + fold.next;
    }
    let event: &SumEvent = event_of();
    // SAFETY: it ignores its closure, and is installed on events whose result is a number.
    let fold = unsafe { Handler::extension(sum, std::ptr::null(), Owner(1)) }.as_result();
    let fold = event.install(fold).unwrap();
    for value in [20, 2, 20] {
        let _installed = event.install(closure::<Sum>(value)).unwrap();
    }
    assert_eq!(answer(event), Ok(42));
    remove(fold);
    assert_eq!(answer(event), Ok(20));
}

#[test]
fn there_is_one_fold_and_it_can_be_replaced_at_once() {
    let event: &SumEvent = event_of();
    let first = event.install(fold(|previous, next| previous.max(next))).unwrap();
    for value in [7, 3] {
        let _installed = event.install(closure::<Sum>(value)).unwrap();
    }
    let second = || event.bind(fold(|previous, next| previous.min(next))).unwrap();
    let (second, refused) = second().install().unwrap_err();
    assert_eq!(refused, InstallError::Occupied(Role::Result));
    assert_eq!(answer(event), Ok(7));
    let (_, ticket) = Swap::new().remove(first).add(second).commit().unwrap();
    ticket.wait(&support::GRACE).unwrap();
    assert_eq!(answer(event), Ok(3));
}

#[test]
fn an_event_without_results_has_no_fold() {
    let fold = Handler::fold::<Packet>(|(), ()| ()).unwrap();
    assert_eq!(event().install(fold).unwrap_err(), InstallError::NotInRole(Role::Result));
}

#[test]
fn nobody_answers_and_the_raiser_is_told() {
    let event = event_of();
    assert_eq!(answer(event), Err(RaiseError::NoHandler));
}

#[test]
fn unless_the_owner_has_set_a_default_result() {
    let event: &'static SumEvent = leaked(Event::new().of(&TEST).with_default_result(77));
    assert_eq!(answer(event), Ok(77));
    let installed = event.install(closure::<Sum>(1)).unwrap();
    assert_eq!(answer(event), Ok(1));
    remove(installed);
    assert_eq!(answer(event), Ok(77));
}
