//! What is written, what is read, and what is refused, with the words for it.

extern crate std;

use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, vec};

use super::{Line, Record, read};
use crate::{Declaration, Key, KeyField, KeyKind};

const NOW: Declaration = Declaration::new("clock.now", "fn clock.now() -> u64");
const SENT: Declaration = Declaration::new("net.Sent", "event net.Sent(key to: &str, key port: u16)");
const KEYS: &[KeyField] =
    &[KeyField { name: "to", kind: KeyKind::Word }, KeyField { name: "port", kind: KeyKind::Integer }];

#[track_caller]
fn check<const N: usize>(record: Record<'_>, line: &str) {
    assert_eq!(core::str::from_utf8(&record.bytes::<N>()), Ok(line));
}

#[test]
fn an_import_is_its_schema() {
    const RECORD: Record<'_> = Record::Import { declaration: &NOW };
    check::<{ RECORD.length() }>(RECORD, "import fn clock.now() -> u64\n");
}

#[test]
fn a_handler_names_the_key_that_it_asks_for() {
    const WORD: Record<'_> =
        Record::Handler { index: 10, event: &SENT, keys: KEYS, key: Some((0, Key::Word("a \"b"))) };
    const PORT: Record<'_> =
        Record::Handler { index: 0, event: &SENT, keys: KEYS, key: Some((1, Key::Integer(7))) };
    const EVERY: Record<'_> = Record::Handler { index: 1, event: &SENT, keys: KEYS, key: None };
    let schema = "event net.Sent(key to: &str, key port: u16)";
    check::<{ WORD.length() }>(WORD, &std::format!("handler 10 {schema} where to = \"a \"b\"\n"));
    check::<{ PORT.length() }>(PORT, &std::format!("handler 0 {schema} where port = 7\n"));
    check::<{ EVERY.length() }>(EVERY, &std::format!("handler 1 {schema}\n"));
}

#[test]
fn an_identity_says_name_and_versions() {
    const RECORD: Record<'_> = Record::Identity { name: "hello", version: "0.1.0", sdk: "0.2.0" };
    check::<{ RECORD.length() }>(RECORD, "extension hello 0.1.0 sdk 0.2.0\n");
}

#[test]
#[should_panic(expected = "a word key has no control characters")]
fn a_word_with_a_line_feed_is_none() {
    let key = Some((0, Key::Word("a\nhandler")));
    Record::Handler { index: 0, event: &SENT, keys: KEYS, key }.length();
}

/// All that is wrong with a text, in words.
fn refusals(text: &str) -> Vec<String> {
    read(text.as_bytes()).filter_map(|line| line.err().map(|error| error.to_string())).collect()
}

#[test]
fn what_is_written_is_read() {
    const IMPORT: Record<'_> = Record::Import { declaration: &NOW };
    const HANDLER: Record<'_> =
        Record::Handler { index: 3, event: &SENT, keys: KEYS, key: Some((1, Key::Integer(65535))) };
    const IDENTITY: Record<'_> = Record::Identity { name: "hello", version: "0.1.0", sdk: "0.2.0" };
    let (import, handler) = (IMPORT.bytes::<{ IMPORT.length() }>(), HANDLER.bytes::<{ HANDLER.length() }>());
    let text = [&import[..], &handler, &IDENTITY.bytes::<{ IDENTITY.length() }>()].concat();
    let lines: Vec<_> = read(&text).map(|line| line.expect("it was written by us")).collect();
    let key = Some((1, Key::Integer(65535)));
    let expected = vec![
        (1, Line::Import { name: NOW.name, schema: NOW.schema }),
        (2, Line::Handler { index: 3, event: SENT.name, schema: SENT.schema, key }),
        (3, Line::Extension { name: "hello", version: "0.1.0", sdk: "0.2.0" }),
    ];
    assert_eq!(lines, expected);
}

#[test]
fn comments_empty_lines_and_blanks_around_a_line_are_skipped() {
    let text = "# import nothing\n\n   #\n  extension a 1 sdk WAT, by hand  \n";
    let line = Line::Extension { name: "a", version: "1", sdk: "WAT, by hand" };
    assert!(read(text.as_bytes()).eq([Ok((4, line))]));
}

#[test]
fn a_word_is_all_between_the_first_quote_and_the_last() {
    let text = "handler 0 event net.Sent(key to: &str) where to = \"a\" where \"b\"\n";
    let Some(Ok((1, Line::Handler { key, .. }))) = read(text.as_bytes()).next() else {
        panic!("it can be read")
    };
    assert_eq!(key, Some((0, Key::Word("a\" where \"b"))));
}

#[test]
fn keys_are_found_behind_arguments_with_commas_of_their_own() {
    let schema =
        "event a.B(by: &P{x: [u8; 2], y: M(u8){A = 0, B = 1}}, key one: u8, two: &[u8], key three: &str)";
    let text = format!("handler 0 {schema} where three = \"x\"\n");
    let Some(Ok((1, Line::Handler { key, .. }))) = read(text.as_bytes()).next() else {
        panic!("it can be read")
    };
    assert_eq!(key, Some((1, Key::Word("x"))));
}

#[test]
fn every_refusal_says_where_and_what_would_be_right() {
    let event = "event net.Sent(key to: &str, key port: u16)";
    let cases = [
        ("\nimport fn clock.now()", "line 2: it does not end with a line feed"),
        ("import\tfn clock.now()\n", "line 1: the byte 0x09 is a control character or no UTF-8"),
        (
            "imports fn a.b()\n",
            "line 1: it starts with `imports`, not with `extension`, `import`, `handler` or `#`",
        ),
        ("extension hello\n", "line 1: expected `extension NAME VERSION sdk TEXT`, found `extension hello`"),
        ("handler one event a.B()\n", "line 1: expected `handler NUMBER event ...`, found `one`"),
        ("handler +1 event a.B()\n", "line 1: expected `handler NUMBER event ...`, found `+1`"),
        ("import fn now()\n", "line 1: expected `fn INTERFACE.NAME(ARGUMENTS) -> TYPE`, found `fn now()`"),
        (
            "import fn a.b(c: [u8; 2)\n",
            "line 1: expected `fn INTERFACE.NAME(ARGUMENTS) -> TYPE`, found `fn a.b(c: [u8; 2)`",
        ),
        (
            "handler 0 fn a.b()\n",
            "line 1: expected `event INTERFACE.NAME(ARGUMENTS) -> TYPE`, found `fn a.b()`",
        ),
        (
            &format!("handler 0 {event} where to\n"),
            "line 1: expected `where FIELD = NUMBER, or where FIELD = \"WORD\"`, found `to`",
        ),
        (
            &format!("handler 0 {event} where port = 99999999999999999999\n"),
            "line 1: expected `where FIELD = NUMBER, or where FIELD = \"WORD\"`, found `port = 99999999999999999999`",
        ),
        (
            &format!("handler 0 {event} where prt = 7\n"),
            "line 1: `prt` is not a key of the event; its keys are: to port",
        ),
        ("handler 0 event a.B() where prt = 7\n", "line 1: `prt` is not a key of the event; it has none"),
        (
            &format!("handler 0 {event} where port = \"7\"\n"),
            "line 1: the key `port` is a number: write it without quotes",
        ),
        (&format!("handler 0 {event} where to = 7\n"), "line 1: the key `to` is a word: write it in quotes"),
        (
            &format!("handler 0 {event} where to = \"{}\"\n", "x".repeat(65)),
            "line 1: a word key of 65 bytes: at most 64 are allowed",
        ),
    ];
    for (text, refusal) in cases {
        assert_eq!(refusals(text), [refusal], "{text:?}");
    }
    assert!(matches!(read(b"\xff\n").next(), Some(Err(error)) if error.line == 1));
}

#[test]
fn a_line_that_is_refused_does_not_hide_the_next() {
    assert_eq!(refusals("x\nimport fn a.b()\ny\n").len(), 2);
}

/// Whatever a byte becomes, every line is read or refused.
#[test]
fn no_text_makes_it_panic() {
    let good =
        b"handler 0 event a.B(key to: &str, by: &P{x: [u8; 2], y: M(u8){A = 0}}) -> u8 where to = \"x\"\n";
    for at in 0..good.len() {
        for byte in [b' ', b'(', b')', b'{', b',', b'"', b'\n', 0xc3] {
            let mut text = good.to_vec();
            text[at] = byte;
            read(&text).for_each(drop);
            read(&text[..at]).for_each(drop);
        }
    }
}
