//! What a user of `logger` notices.

use logger::Logger;
use spindle_sdk::prelude::*;
use spindle_testkit::Testkit;

#[test]
fn it_sees_every_line_and_passes_it_on() {
    let mut kernel = Testkit::load::<Logger>();
    kernel.advance(1_234_000_000);
    assert_eq!(kernel.command("ext list --json"), Status::UNHANDLED);
    assert_eq!(kernel.command("logger"), Status::OK);
    assert_eq!(kernel.lines(), ["[1.234] ext list --json", "[1.234] logger"]);
}

#[test]
fn what_is_forbidden_it_answers_itself() {
    let mut kernel = Testkit::load::<Logger>();
    assert_eq!(kernel.command("logger forbid poweroff"), Status::OK);
    assert_eq!(kernel.command("poweroff"), Status::FAILED);
    assert_eq!(kernel.lines(), ["`poweroff` is forbidden here; `logger allow poweroff` changes that"]);
    assert_eq!(kernel.command("uptime"), Status::UNHANDLED);
    assert_eq!(kernel.command("logger allow poweroff"), Status::OK);
    assert_eq!(kernel.command("poweroff"), Status::UNHANDLED);
    kernel.command("logger");
    assert_eq!(kernel.lines()[1], "[0.000] poweroff  (vetoed)");
}

#[test]
fn nobody_can_lock_themselves_out() {
    let mut kernel = Testkit::load::<Logger>();
    assert_eq!(kernel.command("logger forbid logger"), Status::OK);
    assert_eq!(kernel.command("logger allow logger"), Status::OK);
}

#[test]
fn it_keeps_the_newest_lines_and_a_few_words() {
    let mut kernel = Testkit::load::<Logger>();
    (0..200).for_each(|number| assert_eq!(kernel.command(&format!("line {number}")), Status::UNHANDLED));
    kernel.command("logger");
    let lines = kernel.lines();
    assert_eq!((lines.len(), lines[0].as_str()), (100, "[0.000] line 101"));
    (0..16).for_each(|number| assert_eq!(kernel.command(&format!("logger forbid w{number}")), Status::OK));
    assert_eq!(kernel.command("logger forbid one-more"), Status::FAILED);
}

#[test]
fn it_says_how_it_is_used() {
    let mut kernel = Testkit::load::<Logger>();
    for line in ["logger forbid", "logger allow", "logger what"] {
        assert_eq!(kernel.command(line), Status::FAILED);
        assert_eq!(kernel.lines(), ["usage: logger, logger forbid WORD, or logger allow WORD"]);
    }
}
