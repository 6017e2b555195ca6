//! Typed handlers: what reaches the body, what comes back, and which frames are refused.

use std::cell::RefCell;

use spindle_abi::{Combine, Error, Handler, Options, Status};
use spindle_interfaces::bench::MeasureGuard;
use spindle_interfaces::console::CommandHandler;
use spindle_interfaces::{bench, clock, console};

type Heard = RefCell<Vec<String>>;

struct Note;

impl CommandHandler<Heard> for Note {
    fn handle(state: &Heard, word: &str, arguments: &str) -> Status {
        state.borrow_mut().push(format!("{word}: {arguments}"));
        Status::new(300)
    }
}

const EVERY: Handler<Heard> = console::Command::handler::<Heard, Note>(Options::NONE);

#[test]
fn arguments_go_in_and_the_result_comes_out() {
    let (state, mut frame) = (Heard::default(), console::Command::frame("hello", "ada"));
    assert_eq!(console::Command::result(&frame), Status::UNHANDLED);
    EVERY.call::<console::Command>(&state, &mut frame).unwrap();
    assert_eq!(console::Command::result(&frame), Status::new(300));
    assert_eq!(state.take(), ["hello: ada"]);
}

#[test]
fn a_frame_of_another_event_is_refused() {
    let (state, mut frame) = (Heard::default(), clock::Tick::frame(7));
    let refused = Error::WrongEvent { handled: "console.Command", raised: "clock.Tick" };
    assert_eq!(EVERY.call::<clock::Tick>(&state, &mut frame), Err(refused));
    assert!(EVERY.is_of::<console::Command>() && !EVERY.is_of::<clock::Tick>());
    assert!(state.take().is_empty());
}

struct IsShort;

impl MeasureGuard<Heard> for IsShort {
    fn holds(state: &Heard, iterations: u32, samples: &[u64]) -> bool {
        state.borrow_mut().push(format!("{iterations}: {samples:?}"));
        samples.len() < 3
    }
}

struct Worse;

impl Combine<console::Command, Heard> for Worse {
    fn combine(_: &Heard, previous: Status, next: Status) -> Status {
        if previous.code() < next.code() { next } else { previous }
    }
}

const SHORT: Handler<Heard> = bench::Measure::guard::<Heard, IsShort>();
const WORSE: Handler<Heard> = Handler::result::<console::Command, Worse>();

#[test]
fn a_guard_sees_the_arguments_and_says_yes_or_no() {
    let (state, mut few, mut many) = (Heard::default(), [7, 8], [9; 3]);
    assert_eq!(SHORT.ask::<bench::Measure>(&state, &bench::Measure::frame(1, &mut few)), Ok(true));
    assert_eq!(SHORT.ask::<bench::Measure>(&state, &bench::Measure::frame(2, &mut many)), Ok(false));
    assert_eq!(state.take(), ["1: [7, 8]", "2: [9, 9, 9]"]);
}

#[test]
fn a_result_handler_makes_one_result_of_two() {
    let state = Heard::default();
    let worse = |one, two| WORSE.combine::<console::Command>(&state, Status::new(one), Status::new(two));
    assert_eq!((worse(3, 4), worse(4, 3)), (Ok(Status::new(4)), Ok(Status::new(4))));
}

#[test]
fn a_row_is_not_used_as_what_it_is_not() {
    let (state, mut frame) = (Heard::default(), console::Command::frame("hello", ""));
    let wrong = |role| Err(Error::WrongRole { role });
    assert_eq!(WORSE.call::<console::Command>(&state, &mut frame), wrong("result"));
    assert_eq!(EVERY.ask::<console::Command>(&state, &frame).map(drop), wrong("handler"));
    assert_eq!(SHORT.ask::<clock::Tick>(&state, &clock::Tick::frame(7)).map(drop), {
        Err(Error::WrongEvent { handled: "bench.Measure", raised: "clock.Tick" })
    });
    assert!(state.take().is_empty());
}
