//! The history: what Up and Down bring back, and what is forgotten.

use crate::terminal::{HISTORY_BYTES, Terminal};

const UP: &str = "\x1b[A";
const DOWN: &str = "\x1b[B";

#[test]
fn up_and_down_walk_through_the_lines() {
    let mut terminal = Terminal::new();
    terminal.press("one\rtwo\r");
    assert_eq!(terminal.press(UP).view(), "spindle> two|");
    assert_eq!(terminal.press(UP).view(), "spindle> one|");
    assert_eq!(terminal.press(UP).view(), "spindle> one|");
    assert_eq!(terminal.bells(), 1, "there is nothing older");
    assert_eq!(terminal.press(DOWN).view(), "spindle> two|");
    terminal.press("\r");
    assert_eq!(terminal.entered, ["one", "two", "two"]);
}

#[test]
fn the_line_being_typed_comes_back() {
    let mut terminal = Terminal::new();
    terminal.press("one\rdra\x1b[Dft").press(UP).press(DOWN);
    assert_eq!(terminal.view(), "spindle> drft|a");
    terminal.press(DOWN);
    assert_eq!(terminal.bells(), 1, "there is nothing newer");
}

#[test]
fn ctrl_p_and_ctrl_n_do_the_same() {
    let mut terminal = Terminal::new();
    terminal.press("one\rtwo\r\x10\x10\x0e");
    assert_eq!(terminal.view(), "spindle> two|");
}

#[test]
fn repeated_and_blank_lines_are_kept_once_or_not_at_all() {
    let mut terminal = Terminal::new();
    terminal.press("one\rtwo\rtwo\rtwo \r\r  \r").press(UP).press(UP);
    assert_eq!(terminal.line(), "one");
}

#[test]
fn an_old_line_may_be_changed_before_it_is_entered() {
    let mut terminal = Terminal::new();
    terminal.press("ext load hello\r").press(UP).press("\x17ticker\r");
    assert_eq!(terminal.entered[1], "ext load ticker");
    assert_eq!(terminal.press(UP).press(UP).line(), "ext load hello", "the old entry is unchanged");
}

#[test]
fn the_oldest_lines_are_forgotten_when_the_bytes_run_out() {
    let mut terminal = Terminal::new();
    let line_bytes = HISTORY_BYTES / 4 - 1;
    for letter in ["a", "b", "c", "d", "e"] {
        terminal.press(letter.repeat(line_bytes)).press("\r");
    }
    for letter in ["e", "d", "c", "b", "b"] {
        assert_eq!(terminal.press(UP).line(), letter.repeat(line_bytes));
    }
    assert_eq!(terminal.bells(), 1);
}

#[test]
fn a_line_longer_than_the_history_is_not_remembered() {
    let mut terminal = Terminal::new();
    terminal.press("one\r").press("x".repeat(HISTORY_BYTES)).press("\r").press(UP);
    assert_eq!(terminal.line(), "one");
}

#[test]
fn a_line_given_up_is_not_remembered() {
    let mut terminal = Terminal::new();
    terminal.press("one\rtwo\x03").press(UP);
    assert_eq!(terminal.line(), "one");
}
