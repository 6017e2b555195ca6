//! The kinds of events that are compared with the reference, and handlers and guards as the reference describes them.

use crate::reference::{Binding, Keys, Test, fold};
use crate::support::extension_by;
use spindle_abi::{Declaration, EventSpec, Key, KeyField, KeyKind};
use spindle_dispatcher::{Guard, Handler, Owner};
use std::sync::Mutex;

/// Who was called with what.
pub(crate) type Log = &'static Mutex<Vec<(u64, Keys)>>;

/// What a raise of any kind carries. Plain words: a queue may copy it.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Frame {
    pub(crate) keys: Keys,
    pub(crate) log: Log,
    /// The answer, where one is wanted.
    pub(crate) number: u64,
    pub(crate) nothing: (),
}

/// A kind of event.
pub(crate) trait Kind: for<'a> EventSpec<Frame<'a> = Frame> {
    /// A result handler, if there are results.
    fn fold() -> Option<Handler>;
}

/// A notification.
pub(crate) struct Notice;

/// A question.
pub(crate) struct Question;

/// A question that ends at the first even answer.
pub(crate) struct Chain;

macro_rules! event {
    ($name:ident, $full:literal, $result:ident: $type:ty, $returns:literal, $chained:literal) => {
        // SAFETY: no other event has this declaration, and a frame may be copied and outlive its raise.
        unsafe impl EventSpec for $name {
            const DECLARATION: &'static Declaration = &Declaration::new($full, concat!("event ", $full));
            const KEYS: &'static [KeyField] = &[
                KeyField { name: "port", kind: KeyKind::Integer },
                KeyField { name: "host", kind: KeyKind::Integer },
            ];
            const QUEUEABLE: bool = !$returns;
            const RETURNS: bool = $returns;
            const CHAINED: bool = $chained;
            type Frame<'a> = Frame;
            type Result = $type;

            fn result(frame: &mut Frame) -> &mut $type {
                &mut frame.$result
            }

            fn is_handled(result: &$type) -> bool {
                is_even(*result)
            }

            fn key<'a>(frame: &'a Frame, field: usize) -> Key<'a> {
                Key::Integer(frame.keys[field])
            }
        }
    };
}

event!(Notice, "model.Notice", nothing: (), false, false);
event!(Question, "model.Question", number: u64, true, false);
event!(Chain, "model.Chain", number: u64, true, true);

/// Whether an answer, if there is one, is handled.
fn is_even(result: impl std::any::Any) -> bool {
    let result: &dyn std::any::Any = &result;
    result.downcast_ref::<u64>().is_none_or(|number| number.is_multiple_of(2))
}

impl Kind for Notice {
    fn fold() -> Option<Handler> {
        None
    }
}

impl Kind for Question {
    fn fold() -> Option<Handler> {
        Some(Handler::fold::<Self>(fold).unwrap())
    }
}

impl Kind for Chain {
    fn fold() -> Option<Handler> {
        Some(Handler::fold::<Self>(fold).unwrap())
    }
}

/// A handler that does what `binding` says: of the kernel if its owner is 0, else an extension's.
pub(crate) fn handler<E: Kind>(binding: &Binding) -> Handler {
    let described = binding.clone();
    let handle = move |frame: &mut Frame| {
        frame.log.lock().unwrap().push((described.name, frame.keys));
        frame.number = described.answer(frame.number);
    };
    match binding.owner {
        0 => Handler::closure::<E>(handle).unwrap(),
        owner => extension_by::<E, _>(Owner(owner), handle),
    }
}

/// A guard that asks `test`: of the kernel if its owner is 0, else an extension's.
pub(crate) fn guard<E: Kind>(owner: Owner, test: Test) -> Guard {
    let holds = move |frame: &Frame| test.holds(frame.keys);
    let guard = match owner {
        Owner::KERNEL => Guard::kernel::<E>(holds).unwrap(),
        owner => crate::support::extension_guard::<E, _>(owner, holds),
    };
    if test.post { guard.post() } else { guard }
}
