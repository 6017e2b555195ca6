//! Guards and result handlers: what they are entered with, and what comes back.

use crate::support::shapes::{Choose, Count, Each, Mode, Nothing, Text};
use crate::support::{ELSEWHERE, HERE, LIMITS, enter, load_text, module, notes, when_called_again};
use spindle_abi::{EventSpec, Status};
use spindle_wasm::{Chain, Error, Fault, Instance, Row};
use std::rc::Rc;

const TEXT: &str = r#"(import "spindle" "shapes.text" (func $text (param i32)))"#;
const AGAIN: &str = r#"(import "spindle" "shapes.again" (func $again (param i32)))"#;

/// What a result handler is entered with.
#[repr(C)]
#[derive(Debug, PartialEq)]
struct Fold<R> {
    previous: R,
    next: R,
    result: R,
}

fn load_row(imports: &str, row: Row, body: &str) -> Box<Instance> {
    load_text(&module(imports, true, body), &[row], LIMITS).unwrap()
}

/// A module whose one row is a guard of event `E`. The call's frame is at 0, its verdict at 4.
fn guard<E: EventSpec>(imports: &str, body: &str) -> Box<Instance> {
    load_row(imports, Row::Guard(E::FRAME.unwrap()), &format!("(func $handler (param i32 i32) {body})"))
}

fn result_handler<E: EventSpec>(body: &str) -> Box<Instance> {
    let row = Row::fold(E::FRAME.unwrap()).unwrap();
    load_row("", row, &format!("(func $handler (param i32 i32) {body})"))
}

fn ask<E: EventSpec>(instance: &Instance, frame: &E::Frame<'_>) -> Result<bool, Error> {
    ask_on::<E>(instance, HERE, frame)
}

fn ask_on<E: EventSpec>(instance: &Instance, chain: Chain, frame: &E::Frame<'_>) -> Result<bool, Error> {
    // SAFETY: the tests load instances with the layout of the event that they ask about.
    unsafe { instance.ask(chain, 0, core::ptr::from_ref(frame).cast()) }
}

fn fold<R>(instance: &Instance, previous: R, next: R, result: R) -> (Result<(), Error>, Fold<R>) {
    let mut fold = Fold { previous, next, result };
    // SAFETY: the tests load instances with the result of the event that they fold.
    let folded = unsafe { instance.enter(HERE, 0, core::ptr::from_mut(&mut fold).cast()) };
    (folded, fold)
}

#[test]
fn a_guard_sees_the_arguments_and_its_verdict_comes_back() {
    let body = "(i32.store offset=4 (local.get 1)
        (i32.gt_u (i32.load (i32.load (local.get 1))) (i32.const 40)))";
    let instance = guard::<Count>("", body);
    assert_eq!(ask::<Count>(&instance, &Count::frame(41)), Ok(true));
    assert_eq!(ask::<Count>(&instance, &Count::frame(40)), Ok(false));
}

#[test]
fn a_guard_that_says_nothing_does_not_hold() {
    // Whatever the call before it has left behind in the window.
    let body = "(if (i32.load (i32.load (local.get 1)))
        (then (i32.store offset=4 (local.get 1) (i32.const -1))))";
    let instance = guard::<Count>("", body);
    assert_eq!(ask::<Count>(&instance, &Count::frame(1)), Ok(true));
    assert_eq!(ask::<Count>(&instance, &Count::frame(0)), Ok(false));
}

#[test]
fn a_guard_of_an_event_that_carries_nothing_is_asked_too() {
    let instance = guard::<Nothing>("", "(i32.store offset=4 (local.get 1) (i32.const 0x100))");
    assert_eq!(ask::<Nothing>(&instance, &Nothing::frame()), Ok(true));
}

#[test]
fn a_guard_reads_what_arguments_refer_to() {
    // The frame of `text` has the same form as the event's.
    let instance = guard::<Text>(TEXT, "(call $text (i32.load (local.get 1)))");
    assert_eq!(ask::<Text>(&instance, &Text::frame("grüße")), Ok(false));
    assert_eq!(notes(), ["grüße"]);
}

#[test]
fn nothing_that_a_guard_writes_comes_back() {
    // number is at 52, the answer at 64 (see `arguments`).
    let body = "
        (i64.store (i32.load offset=52 (i32.load (local.get 1))) (i64.const 9))
        (i32.store (i32.load offset=56 (i32.load (local.get 1))) (i32.const 9))
        (i64.store offset=64 (i32.load (local.get 1)) (i64.const 9))
        (i32.store offset=4 (local.get 1) (i32.const 1))";
    let instance = guard::<Each>("", body);
    let (mut number, mut fill) = (5, [6]);
    let frame = Each::frame(0, 0, &0, "", &[], &mut number, &mut fill);
    assert_eq!(ask::<Each>(&instance, &frame), Ok(true));
    assert_eq!(Each::result(&frame), 0);
    assert_eq!((number, fill), (5, [6]));
}

#[test]
fn a_guard_of_an_answer_that_is_none_is_no_fault() {
    // Not a value of `Mode`, in a copy that nobody takes back.
    let body = "(i32.store8 offset=1 (i32.load (local.get 1)) (i32.const 2))
        (i32.store offset=4 (local.get 1) (i32.const 1))";
    let instance = guard::<Choose>("", body);
    assert_eq!(ask::<Choose>(&instance, &Choose::frame(1)), Ok(true));
}

#[test]
fn a_faulting_guard_is_a_fault() {
    let body = "(i32.store offset=4 (local.get 1) (i32.const 1)) (unreachable)";
    let instance = guard::<Count>("", body);
    assert!(matches!(ask::<Count>(&instance, &Count::frame(0)), Err(Error::Fault(Fault::Trap(_)))));
}

#[test]
fn a_guard_that_does_not_fit_its_window_is_a_fault() {
    let instance = guard::<Text>("", "");
    // The frame has 12 bytes; what is left of the window is less than the call's 8.
    let line = "x".repeat(spindle_abi::guest::WINDOW_BYTES - 16);
    let asked = ask::<Text>(&instance, &Text::frame(&line));
    assert!(matches!(asked, Err(Error::Fault(Fault::WindowFull { .. }))), "{asked:?}");
    assert_eq!(ask::<Text>(&instance, &Text::frame("short")), Ok(false));
}

#[test]
fn a_guard_is_asked_inside_a_call_of_its_own_module_and_on_no_other_strand() {
    // The procedure's frame is at 128: the depth, then its answer.
    let body = "(i32.store offset=4 (local.get 1) (i32.const 1))
        (if (i32.eqz (i32.load (i32.load (local.get 1))))
            (then (i32.store (i32.const 128) (i32.const 0)) (call $again (i32.const 128))))";
    let instance: Rc<Instance> = guard::<Count>(AGAIN, body).into();
    let inner = Rc::clone(&instance);
    when_called_again(move |_| {
        assert_eq!(ask::<Count>(&inner, &Count::frame(1)), Ok(true));
        assert_eq!(ask_on::<Count>(&inner, ELSEWHERE, &Count::frame(1)), Err(Error::Busy));
        Status::OK
    });
    assert_eq!(ask::<Count>(&instance, &Count::frame(0)), Ok(true));
}

#[test]
fn a_result_handler_folds_two_results_into_one() {
    let body = "(i64.store offset=16 (local.get 1)
        (i64.sub (i64.load (local.get 1)) (i64.load offset=8 (local.get 1))))";
    let instance = result_handler::<Each>(body);
    let (folded, after) = fold::<i64>(&instance, 50, 8, 0);
    assert_eq!((folded, after), (Ok(()), Fold { previous: 50, next: 8, result: 42 }));
}

#[test]
fn a_result_handler_that_does_not_answer_leaves_what_was_there() {
    let instance = result_handler::<Count>("(i32.store (local.get 1) (i32.const 9))");
    let (folded, after) = fold(&instance, Status::OK, Status::FAILED, Status::UNHANDLED);
    let before = Fold { previous: Status::OK, next: Status::FAILED, result: Status::UNHANDLED };
    assert_eq!((folded, after), (Ok(()), before));
}

#[test]
fn a_folded_result_is_a_value_of_its_type_or_a_fault() {
    let instance = result_handler::<Choose>("(i32.store8 offset=2 (local.get 1) (i32.const 2))");
    let (folded, after) = fold(&instance, Mode::Slow, Mode::Fast, Mode::Slow);
    assert_eq!(folded, Err(Error::Fault(Fault::BadResult)));
    assert_eq!(after.result, Mode::Slow);
}

#[test]
fn an_event_without_a_result_has_none_to_fold() {
    assert!(Row::fold(Nothing::FRAME.unwrap()).is_none());
}

#[test]
fn rows_of_every_kind_stand_side_by_side() {
    let text = r#"(module (memory (export "memory") 2)
        (table (export "__indirect_function_table") 5 16 funcref)
        (global (export "spindle_window") i32 (i32.const 0x10000))
        (global (export "spindle_extension") i32 (i32.const 16))
        (data (i32.const 16) "\01\00\00\00\03\00\00\00\00\00\00\00\01\00\00\00\24\00\00\00\02\00\00\00\03\00\00\00\04\00\00\00")
        (elem (i32.const 0) $start $stop $answer $holds $fold)
        (func $start (param i32) (result i32) (i32.const 0)) (func $stop (param i32))
        (func $answer (param i32 i32) (i32.store offset=4 (local.get 1) (i32.const 11)))
        (func $holds (param i32 i32) (i32.store offset=4 (local.get 1) (i32.load (i32.load (local.get 1)))))
        (func $fold (param i32 i32) (i32.store offset=8 (local.get 1)
            (i32.add (i32.load (local.get 1)) (i32.load offset=4 (local.get 1))))))"#;
    let layout = Count::FRAME.unwrap();
    let rows = [layout.into(), Row::Guard(layout), Row::fold(layout).unwrap()];
    let instance = load_text(text, &rows, LIMITS).unwrap();
    let mut frame = Count::frame(7);
    enter::<Count>(&instance, &mut frame).unwrap();
    assert_eq!(Count::result(&frame), Status::new(11));
    // SAFETY: row 1 is a guard of the same event.
    let asked = unsafe { instance.ask(HERE, 1, core::ptr::from_ref(&frame).cast()) };
    assert_eq!(asked, Ok(true));
    let mut folded = Fold { previous: Status::new(11), next: Status::new(31), result: Status::UNHANDLED };
    // SAFETY: row 2 folds the same event's results.
    unsafe { instance.enter(HERE, 2, core::ptr::from_mut(&mut folded).cast()) }.unwrap();
    assert_eq!(folded.result, Status::new(42));
}
