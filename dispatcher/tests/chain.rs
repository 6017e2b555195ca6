//! Chained events: a raise ends at the first handler that handles it, guard and handler in one.
mod support;

use spindle_dispatcher::{Event, Guard, Handler, Owner, RaiseError};
use support::events::{Ask, AskFrame, Refusal, RefusalFrame};
use support::strand::Contained;
use support::{TEST, closure, event_of, extension_of, leaked, raise_with};

type AskEvent = Event<Ask, Contained>;

fn ask(event: &'static AskEvent, given: u64) -> (Result<(), RaiseError>, Vec<u64>, Option<u64>) {
    let mut frame = AskFrame { given, ..AskFrame::default() };
    let result = raise_with(event, &mut frame);
    (result, frame.seen, frame.result)
}

const NOBODY: Result<(), RaiseError> = Err(RaiseError::NoHandler);

#[test]
fn it_ends_at_the_first_who_knows() {
    let event = event_of();
    let _a = event.install(closure::<Ask>(1)).unwrap();
    let _b = event.install(extension_of::<Ask>(2, Owner(1))).unwrap();
    let _c = event.install(closure::<Ask>(3)).unwrap();
    assert_eq!(ask(event, 1), (Ok(()), vec![1], Some(1)));
    assert_eq!(ask(event, 2), (Ok(()), vec![1, 2], Some(2)));
    assert_eq!(ask(event, 3), (Ok(()), vec![1, 2, 3], Some(3)));
}

#[test]
fn if_nobody_knows_the_raiser_is_told() {
    let event = event_of();
    assert_eq!(ask(event, 1), (NOBODY, vec![], None));
    for (name, seen) in [(1, vec![1]), (2, vec![1, 2])] {
        let _installed = event.install(closure::<Ask>(name)).unwrap();
        assert_eq!(ask(event, 9), (NOBODY, seen, None), "with {name} handlers");
    }
}

#[test]
fn the_only_handler_passes_on_as_one_of_many_does() {
    for only in
        [Handler::kernel::<Ask, support::Signs<1>>(), closure::<Ask>(1), extension_of::<Ask>(1, Owner(1))]
    {
        let event = event_of();
        let _only = event.install(only).unwrap();
        assert_eq!(ask(event, 1), (Ok(()), vec![1], Some(1)));
        assert_eq!(ask(event, 2), (NOBODY, vec![1], None));
        let _default = event.install(closure::<Ask>(2).as_default()).unwrap();
        assert_eq!(ask(event, 2), (Ok(()), vec![1, 2], Some(2)));
    }
}

#[test]
fn the_default_handler_is_the_last_link() {
    let event = event_of();
    let _default = event.install(closure::<Ask>(5).as_default()).unwrap();
    let _a = event.install(closure::<Ask>(1)).unwrap();
    let _b = event.install(closure::<Ask>(2)).unwrap();
    assert_eq!(ask(event, 2), (Ok(()), vec![1, 2], Some(2)));
    assert_eq!(ask(event, 5), (Ok(()), vec![1, 2, 5], Some(5)));
    assert_eq!(ask(event, 6), (NOBODY, vec![1, 2, 5], None), "it may pass on too");
}

#[test]
fn each_link_finds_the_question_unanswered() {
    // A handler that leaves the answer of another one would end the chain with it.
    let event = event_of();
    let never = Guard::kernel::<Ask>(|_| false).unwrap().post();
    let _discarded = event.install(closure::<Ask>(4).with_guard(never)).unwrap();
    let _passes = event.install(closure::<Ask>(1)).unwrap();
    assert_eq!(ask(event, 4), (NOBODY, vec![4, 1], None));
}

/// Says no, in words of its own.
fn says_no(frame: &mut RefusalFrame) {
    frame.result = -1;
}

#[test]
fn what_a_link_that_passes_on_leaves_as_its_answer_is_discarded() {
    for others in [0, 1] {
        let event: &'static Event<Refusal, Contained> = event_of();
        let _first = event.install(support::extension_that::<Refusal, _>(says_no)).unwrap();
        let _other =
            (others == 1).then(|| event.install(Handler::closure::<Refusal>(says_no).unwrap()).unwrap());
        let mut frame = RefusalFrame { result: -5 };
        assert_eq!((raise_with(event, &mut frame), frame.result), (NOBODY, -5), "with {others} other links");
    }
}

#[test]
fn a_default_result_answers_in_the_end() {
    let event: &'static AskEvent = leaked(Event::new().of(&TEST).with_default_result(Some(0)));
    assert_eq!(ask(event, 1), (Ok(()), vec![], Some(0)));
    let _installed = event.install(closure::<Ask>(1)).unwrap();
    assert_eq!(ask(event, 2), (Ok(()), vec![1], Some(0)));
}

#[test]
fn guards_keep_a_link_out_of_the_chain() {
    let event = event_of();
    let even = Guard::kernel::<Ask>(|frame| frame.given % 2 == 0).unwrap();
    let _even = event.install(closure::<Ask>(2).with_guard(even)).unwrap();
    let _any = event.install(closure::<Ask>(3)).unwrap();
    assert_eq!(ask(event, 2), (Ok(()), vec![2], Some(2)));
    assert_eq!(ask(event, 3), (Ok(()), vec![3], Some(3)));
}
