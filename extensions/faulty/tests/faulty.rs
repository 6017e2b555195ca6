//! The faults that a test on the host can contain: those that are panics there.

use faulty::Faulty;
use spindle_sdk::prelude::*;
use spindle_testkit::Testkit;

fn message_of(line: &str) -> String {
    let mut kernel = Testkit::load::<Faulty>();
    let fault = kernel.try_command(line).expect_err("it faults");
    assert_eq!(kernel.command("faulty hold 1"), Status::UNHANDLED, "a faulted extension is gone");
    fault.message
}

#[test]
fn a_panic_has_its_message() {
    assert_eq!(message_of("faulty panic"), "told to panic");
}

#[test]
fn an_index_out_of_bounds_is_a_panic() {
    assert_eq!(message_of("faulty index"), "index out of bounds: the len is 4 but the index is 4");
}

#[test]
fn a_division_by_zero_is_a_panic() {
    assert_eq!(message_of("faulty divide"), "attempt to divide by zero");
}

#[test]
fn an_abort_ends_it() {
    assert_eq!(message_of("faulty abort"), "spindle_sdk::abort");
}

#[test]
fn a_panic_inside_two_activations_is_a_panic() {
    assert_eq!(message_of("faulty nested"), "told to panic at the bottom");
}

#[test]
fn it_holds_what_it_was_told_to() {
    let mut kernel = Testkit::load::<Faulty>();
    assert_eq!(kernel.command("faulty hold 64"), Status::OK);
    assert_eq!(kernel.command("faulty hold 8"), Status::OK);
    assert_eq!(kernel.lines(), ["holding 64 KiB", "holding 72 KiB"]);
}

#[test]
fn an_unknown_word_gets_the_usage() {
    let mut kernel = Testkit::load::<Faulty>();
    assert_eq!(kernel.command("faulty nonsense"), Status::FAILED);
    assert!(kernel.lines()[0].starts_with("usage: faulty"));
}
