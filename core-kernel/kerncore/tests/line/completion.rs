//! Completion: Tab completes as far as there is no doubt, a second one lists.

use spindle_kerncore::line::Completer;

use crate::terminal::{LINE_BYTES, Terminal};

/// Two levels of words, out of order and repeated as a registry would have them.
struct Words;

impl Completer for Words {
    fn complete(&self, before: &str, found: &mut dyn FnMut(&str)) {
        let first = ["mem", "ext", "help", "ext", "event", "grün", "groß"];
        let second = ["unload", "load", "list", "info"];
        match before.split_once(' ') {
            None => first.into_iter().for_each(found),
            Some(("ext", _)) => second.into_iter().for_each(found),
            Some(_) => {}
        }
    }
}

fn after(keys: &str) -> Terminal<'static> {
    let mut terminal = Terminal::with_completer(&Words);
    terminal.press(keys);
    terminal
}

#[test]
fn the_only_candidate_is_completed_with_a_blank() {
    assert_eq!(after("m\t").view(), "spindle> mem |");
    assert_eq!(after("mem\t").view(), "spindle> mem |");
    assert_eq!(after("ext un\thello").view(), "spindle> ext unload hello|");
    assert_eq!(after("m\t").bells(), 0);
}

#[test]
fn several_candidates_are_completed_as_far_as_they_agree() {
    let terminal = after("gr\t");
    assert_eq!((terminal.view().as_str(), terminal.bells()), ("spindle> gr|", 1));
    let terminal = after("ext l\t");
    assert_eq!((terminal.view().as_str(), terminal.bells()), ("spindle> ext l|", 1));
    assert_eq!(after("h\t").view(), "spindle> help |");
    assert_eq!(after("\t").view(), "spindle> |");
}

#[test]
fn a_second_tab_lists_the_candidates_in_order() {
    let terminal = after("e\t\t");
    assert_eq!(terminal.rows(), ["spindle> e", "event  ext", "spindle> e"]);
    assert_eq!(terminal.view(), "spindle> e|");
    let terminal = after("ext \t\t");
    assert_eq!(terminal.rows(), ["spindle> ext", "info    list    load    unload", "spindle> ext"]);
}

#[test]
fn a_listing_takes_the_rows_that_it_needs() {
    let expected = ["spindle>", "event  ext    groß   grün   help", "mem", "spindle>"];
    assert_eq!(after("\t\t").rows(), expected);
}

#[test]
fn another_key_between_two_tabs_lists_nothing() {
    assert_eq!(after("e\tx\x7f\t").rows(), ["spindle> e"]);
}

#[test]
fn completion_in_the_middle_keeps_what_follows() {
    assert_eq!(after("m hello\x01\x1b[C\t").view(), "spindle> mem| hello");
    assert_eq!(after("mhello\x01\x1b[C\t").view(), "spindle> mem |hello");
}

#[test]
fn no_candidate_rings_the_bell() {
    let terminal = after("x\t\t");
    assert_eq!((terminal.rows(), terminal.bells()), (vec!["spindle> x".to_owned()], 2));
    assert_eq!(after("mem x\t").view(), "spindle> mem x|");
}

#[test]
fn a_completion_that_does_not_fit_rings_the_bell() {
    let mut terminal = Terminal::with_completer(&Words);
    terminal.press("ext ").press("\x01").press("x".repeat(LINE_BYTES - 6)).press(" \x05un\t");
    assert_eq!(terminal.line().len(), LINE_BYTES);
    assert_eq!(terminal.bells(), 2);
}
