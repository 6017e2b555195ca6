//! Raises that nobody handles: a notification may go unheard, a question may not go unanswered.
mod support;

use spindle_dispatcher::{Owner, RaiseError};
use support::events::{Ask, AskFrame, Note, NoteFrame, Sum, SumFrame};
use support::strand::Contained;
use support::{
    closure, event, event_of, extension, extension_of, leaked, port, raise, raise_with, remove, seen,
};

const NOBODY: Result<(), RaiseError> = Err(RaiseError::NoHandler);

#[test]
fn a_notification_without_handlers_is_no_error() {
    assert_eq!(seen(event()), []);
    let log = leaked(Default::default());
    let note = event_of::<Note, Contained>();
    assert_eq!(raise_with(note, &mut NoteFrame { stamp: 1, log, result: () }), Ok(()));
}

#[test]
fn nor_where_no_guard_holds() {
    let event = event();
    let _installed = event.install(extension(1).with_key(port(80))).unwrap();
    assert_eq!(raise(event, "", 81), Ok(vec![]));
    assert_eq!(raise(event, "", 80), Ok(vec![1]));
}

#[test]
fn a_question_is_and_leaves_the_raisers_frame_as_it_was() {
    let sum = event_of::<Sum, Contained>();
    let mut frame = SumFrame { given: 1, result: 2, ..SumFrame::default() };
    assert_eq!(raise_with(sum, &mut frame), NOBODY);
    assert_eq!(frame, SumFrame { given: 1, result: 2, ..SumFrame::default() });
    assert_eq!(raise_with(event_of::<Ask, Contained>(), &mut AskFrame::default()), NOBODY);
}

#[test]
fn after_the_last_uninstall_it_is_again() {
    for handler in [closure::<Sum>(1), extension_of::<Sum>(1, Owner(1))] {
        let event = event_of::<Sum, Contained>();
        let installed = event.install(handler).unwrap();
        assert_eq!(raise_with(event, &mut SumFrame::default()), Ok(()));
        remove(installed);
        assert_eq!(raise_with(event, &mut SumFrame::default()), NOBODY);
    }
}

#[test]
fn a_handler_that_was_only_made_is_none() {
    let event = event_of::<Sum, Contained>();
    let _bound = event.bind(closure::<Sum>(1)).unwrap();
    assert_eq!(raise_with(event, &mut SumFrame::default()), NOBODY);
}
