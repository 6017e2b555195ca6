//! Many handlers: with key guards a raise comes to what it comes to with guards that are code and say the same, order included.
//!
//! What it costs is another question; the benchmarks answer it.
#![allow(clippy::unwrap_used, reason = "what does not work in a helper fails the test that asked for it")]
mod support;

use proptest::prelude::*;
use spindle_abi::{Declaration, EventSpec, Key, KeyField, KeyKind};
use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{Event, Guard, Handler, KeyGuard, Order, RaiseError};
use support::{event_of, extension_that, raise_with};

/// `event test.Quad(key a: u64, key b: &str, key c: u64, key d: &str)`: a notification, one with an answer, or a chain.
struct Quad<const KIND: u8>;
const NOTIFICATION: u8 = 0;
const ANSWERED: u8 = 1;
const CHAIN: u8 = 2;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Frame {
    keys: Keys,
    seen: Vec<usize>,
    result: usize,
}

type Keys = (u64, &'static str, u64, &'static str);

/// The answer that passes a raise on.
const PASSED_ON: usize = usize::MAX;

const fn field(name: &'static str, kind: KeyKind) -> KeyField {
    KeyField { name, kind }
}

fn key(keys: &Keys, field: usize) -> Key<'_> {
    match field {
        0 => Key::Integer(keys.0),
        1 => Key::Word(keys.1),
        2 => Key::Integer(keys.2),
        _ => Key::Word(keys.3),
    }
}

// SAFETY: no other event has this declaration.
unsafe impl<const KIND: u8> EventSpec for Quad<KIND> {
    const DECLARATION: &'static Declaration =
        &Declaration::new("test.Quad", "event test.Quad(key a: u64, key b: &str, key c: u64, key d: &str)");
    const KEYS: &'static [KeyField] = &[
        field("a", KeyKind::Integer),
        field("b", KeyKind::Word),
        field("c", KeyKind::Integer),
        field("d", KeyKind::Word),
    ];
    const RETURNS: bool = KIND != NOTIFICATION;
    const CHAINED: bool = KIND == CHAIN;
    type Frame<'a> = Frame;
    type Result = usize;

    fn result(frame: &mut Frame) -> &mut usize {
        &mut frame.result
    }

    fn is_handled(result: &usize) -> bool {
        *result != PASSED_ON
    }

    fn key<'a>(frame: &'a Frame, field: usize) -> Key<'a> {
        key(&frame.keys, field)
    }
}

/// What a handler asks of one field.
#[derive(Clone, Copy, Debug)]
enum Wish {
    Number(u64),
    Range(u64, u64),
    Word(&'static str),
}

impl Wish {
    fn holds(self, key: Key<'_>) -> bool {
        match (self, key) {
            (Self::Number(wanted), Key::Integer(number)) => number == wanted,
            (Self::Range(from, to), Key::Integer(number)) => from <= number && number <= to,
            (Self::Word(wanted), Key::Word(word)) => word == wanted,
            _ => unreachable!("wishes are of their fields' kinds"),
        }
    }

    fn guard(self, field: usize) -> KeyGuard {
        match self {
            Self::Number(wanted) => KeyGuard::new(field, Key::Integer(wanted)).unwrap(),
            Self::Range(from, to) => KeyGuard::range(field, from, to).unwrap(),
            Self::Word(wanted) => KeyGuard::new(field, Key::Word(wanted)).unwrap(),
        }
    }
}

/// A handler apart from how it is guarded.
#[derive(Clone, Debug)]
struct Plan {
    wishes: [Option<Wish>; 4],
    order: Order,
    cancels: bool,
    of_the_kernel: bool,
    /// Wants even sums of the numbers only.
    is_guarded: bool,
    passes_on: bool,
}

impl Plan {
    fn wants(&self, keys: &Keys) -> bool {
        let mut wishes = (0..).zip(self.wishes);
        wishes.all(|(field, wish)| wish.is_none_or(|wish| wish.holds(key(keys, field))))
    }

    fn is_content(&self, keys: &Keys) -> bool {
        !self.is_guarded || keys.0.wrapping_add(keys.2).is_multiple_of(2)
    }

    fn handler<const KIND: u8>(&self, name: usize) -> Handler {
        let passes_on = self.passes_on;
        let handle = move |frame: &mut Frame| {
            frame.seen.push(name);
            frame.result = if passes_on { PASSED_ON } else { name };
        };
        let handler = match self.of_the_kernel {
            true => Handler::closure::<Quad<KIND>>(handle).unwrap(),
            false => extension_that::<Quad<KIND>, _>(handle),
        };
        let handler = handler.ordered(self.order);
        if self.cancels { handler.cancelling() } else { handler }
    }

    fn with_keys<const KIND: u8>(&self, name: usize) -> Handler {
        let handler = self.handler::<KIND>(name);
        let guards = (0..).zip(self.wishes).filter_map(|(field, wish)| Some(wish?.guard(field)));
        let handler = match guards.reduce(|all, more| all.and(more).unwrap()) {
            Some(guard) => handler.with_key(guard),
            None => handler,
        };
        let plan = self.clone();
        match self.is_guarded {
            true => handler.with_guard(
                Guard::kernel::<Quad<KIND>>(move |frame: &Frame| plan.is_content(&frame.keys)).unwrap(),
            ),
            false => handler,
        }
    }

    fn with_code<const KIND: u8>(&self, name: usize) -> Handler {
        let plan = self.clone();
        let holds = move |frame: &Frame| plan.wants(&frame.keys) && plan.is_content(&frame.keys);
        self.handler::<KIND>(name).with_guard(Guard::kernel::<Quad<KIND>>(holds).unwrap())
    }
}

/// Few values, so that many handlers want the same.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![8 => 0..6_u64, 1 => Just(u64::MAX), 1 => Just(1 << 32)]
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["", "hello", "hell", "a word of more than sixteen bytes"][..])
}

fn number_wish() -> impl Strategy<Value = Wish> {
    let range = (number(), number()).prop_map(|(one, other)| Wish::Range(one.min(other), one.max(other)));
    prop_oneof![2 => number().prop_map(Wish::Number), 1 => range]
}

fn wishes() -> impl Strategy<Value = [Option<Wish>; 4]> {
    let some = |wish: BoxedStrategy<Wish>| prop::option::weighted(0.3, wish);
    let word_wish = || word().prop_map(Wish::Word).boxed();
    let any =
        (some(number_wish().boxed()), some(word_wish()), some(number_wish().boxed()), some(word_wish()));
    any.prop_map(|(a, b, c, d)| [a, b, c, d])
}

fn plan(wishes: BoxedStrategy<[Option<Wish>; 4]>) -> impl Strategy<Value = Plan> {
    let order = prop_oneof![4 => Just(Order::Ordinary), 1 => Just(Order::First), 1 => Just(Order::Last)];
    let seldom = || prop::bool::weighted(0.15);
    (wishes, order, seldom(), any::<bool>(), seldom(), any::<bool>()).prop_map(
        |(wishes, order, cancels, of_the_kernel, is_guarded, passes_on)| Plan {
            wishes,
            order,
            cancels,
            of_the_kernel,
            is_guarded,
            passes_on,
        },
    )
}

/// Anything, or all by one value of one field, for which there is a shorter way.
fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let numbers = (0..40_u64).prop_map(|wanted| [None, None, Some(Wish::Number(wanted)), None]);
    let words = word().prop_map(|wanted| [None, Some(Wish::Word(wanted)), None, None]);
    prop_oneof![
        prop::collection::vec(plan(wishes().boxed()), 0..60),
        prop::collection::vec(plan(numbers.boxed()), 0..20),
        prop::collection::vec(plan(words.boxed()), 0..5),
    ]
}

fn raises() -> impl Strategy<Value = Vec<Keys>> {
    let third = prop_oneof![number(), 0..40_u64];
    prop::collection::vec((number(), word(), third, word()), 1..20)
}

/// An event with these handlers, and a default handler if that is wanted.
fn event<const KIND: u8>(
    handlers: impl Iterator<Item = Handler>,
    default: Option<usize>,
) -> &'static Event<Quad<KIND>, HostStrand> {
    let event = event_of();
    let default = default.map(|name| {
        Handler::closure::<Quad<KIND>>(move |frame: &mut Frame| frame.result = name).unwrap().as_default()
    });
    let _installed = event.core().install_all(handlers.chain(default).collect()).unwrap();
    event
}

fn outcome<const KIND: u8>(
    event: &'static Event<Quad<KIND>, HostStrand>,
    keys: Keys,
) -> (Result<(), RaiseError>, Frame) {
    let mut frame = Frame { keys, seen: Vec::new(), result: 1000 };
    (raise_with(event, &mut frame), frame)
}

fn compare<const KIND: u8>(
    plans: &[Plan],
    default: Option<usize>,
    raises: &[Keys],
) -> Result<(), TestCaseError> {
    let with_keys =
        event::<KIND>(plans.iter().zip(0..).map(|(plan, name)| plan.with_keys::<KIND>(name)), default);
    let with_code =
        event::<KIND>(plans.iter().zip(0..).map(|(plan, name)| plan.with_code::<KIND>(name)), default);
    for &keys in raises {
        prop_assert_eq!(outcome(with_keys, keys), outcome(with_code, keys));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn a_notification_reaches_the_same_handlers(
        plans in plans(), default in prop::option::of(500_usize..600), raises in raises(),
    ) {
        compare::<NOTIFICATION>(&plans, default, &raises)?;
    }

    #[test]
    fn a_question_gets_the_same_answer(
        plans in plans(), default in prop::option::of(500_usize..600), raises in raises(),
    ) {
        compare::<ANSWERED>(&plans, default, &raises)?;
    }

    #[test]
    fn a_chain_ends_at_the_same_handler(
        plans in plans(), default in prop::option::of(500_usize..600), raises in raises(),
    ) {
        compare::<CHAIN>(&plans, default, &raises)?;
    }
}

#[test]
fn of_ten_thousand_handlers_the_one_that_asks_is_called() {
    const MANY: u64 = 10_000;
    let plan = |wish| Plan {
        wishes: [Some(wish), None, None, None],
        order: Order::Ordinary,
        cancels: false,
        of_the_kernel: true,
        is_guarded: false,
        passes_on: false,
    };
    let by_value = (0..MANY).map(|n| plan(Wish::Number(n)).with_keys::<NOTIFICATION>(n as usize));
    let by_range =
        (0..MANY).map(|n| plan(Wish::Range(2 * n, 2 * n + 1)).with_keys::<NOTIFICATION>(n as usize));
    let (by_value, by_range) = (event::<NOTIFICATION>(by_value, None), event::<NOTIFICATION>(by_range, None));
    for n in [0, 1, 77, MANY / 2, MANY - 1] {
        assert_eq!(outcome(by_value, (n, "", 0, "")).1.seen, [n as usize]);
        assert_eq!(outcome(by_range, (2 * n + 1, "", 0, "")).1.seen, [n as usize]);
    }
    assert_eq!(outcome(by_value, (MANY, "", 0, "")).1.seen, []);
    assert_eq!(outcome(by_range, (2 * MANY, "", 0, "")).1.seen, []);
}

#[test]
fn ten_thousand_handlers_that_ask_for_the_same_are_called_in_order() {
    let of_all = (0..10_000).map(|name| {
        let handler = Handler::closure::<Quad<NOTIFICATION>>(move |frame: &mut Frame| frame.seen.push(name));
        handler.unwrap().with_key(KeyGuard::range(2, 5, 9).unwrap())
    });
    let event = event::<NOTIFICATION>(of_all, None);
    assert!(outcome(event, (0, "", 9, "")).1.seen.into_iter().eq(0..10_000));
    assert_eq!(outcome(event, (0, "", 10, "")).1.seen, []);
}
