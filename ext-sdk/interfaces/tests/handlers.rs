//! Typed handlers: what reaches the body, what comes back, and which frames are refused.

use std::cell::RefCell;

use spindle_abi::{Asked, Error, Handler, Key, Options, Status, Term, Terms};
use spindle_interfaces::console::CommandHandler;
use spindle_interfaces::{clock, console};

type Heard = RefCell<Vec<String>>;

struct Note;

impl CommandHandler<Heard> for Note {
    fn handle(state: &Heard, word: &str, arguments: &str) -> Status {
        state.borrow_mut().push(format!("{word}: {arguments}"));
        Status::new(300)
    }
}

const EVERY: Handler<Heard> = console::Command::handler::<Heard, Note>(Options::NONE);
const HELLO: Handler<Heard> = console::Command::handler::<Heard, Note>(Options {
    terms: match Terms::new(&[Term { field: 0, asked: Asked::Equal(Key::Word("hello")) }]) {
        Ok(terms) => terms,
        Err(_) => panic!("one term is not too many"),
    },
    ..Options::NONE
});

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
    assert!(!EVERY.matches::<clock::Tick>(&frame));
    assert!(state.take().is_empty());
}

#[test]
fn a_key_chooses() {
    assert!(HELLO.matches::<console::Command>(&console::Command::frame("hello", "")));
    assert!(!HELLO.matches::<console::Command>(&console::Command::frame("hell", "o")));
    assert!(EVERY.matches::<console::Command>(&console::Command::frame("hell", "o")));
}
