//! What is written, what is read, and what is refused, with the words for it.

extern crate std;

use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, vec};

use super::{Line, Reason, Record, read, term};
use crate::{Asked, Declaration, Key, KeyKind, Options, Order, Role, Term};

const NOW: Declaration = Declaration::new("clock.now", "fn clock.now() -> u64");
const SENT: Declaration = Declaration::new("net.Sent", "event net.Sent(key to: &str, key port: u16)");
const EVERY: Role<'_> = Role::Handler(Options::NONE);
const PICKY: Role<'_> = Role::Handler(Options {
    order: Order::Last,
    cancels: true,
    asynchronous: true,
    guard: Some(3),
    ..Options::NONE
});
const PORTS: Asked<'_> = Asked::Range { from: 80, to: 90 };

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
fn a_row_is_its_role_and_what_that_wants() {
    const ROW: Record<'_> = Record::Row { index: 1, event: &SENT, role: EVERY };
    const ALL: Record<'_> = Record::Row { index: 10, event: &SENT, role: PICKY };
    const GUARD: Record<'_> = Record::Row { index: 3, event: &SENT, role: Role::Guard };
    check::<{ ROW.length() }>(ROW, &format!("handler 1 {}\n", SENT.schema));
    check::<{ ALL.length() }>(ALL, &format!("handler 10 last cancel async guard 3 {}\n", SENT.schema));
    check::<{ GUARD.length() }>(GUARD, &format!("guard 3 {}\n", SENT.schema));
}

#[test]
fn a_term_is_a_line_of_its_own() {
    const WORD: Record<'_> =
        Record::Where { index: 10, field: "to", asked: Asked::Equal(Key::Word("a \"b")) };
    const PORT: Record<'_> = Record::Where { index: 0, field: "port", asked: Asked::Equal(Key::Integer(7)) };
    const RANGE: Record<'_> = Record::Where { index: 0, field: "port", asked: PORTS };
    check::<{ WORD.length() }>(WORD, "where 10 to = \"a \"b\"\n");
    check::<{ PORT.length() }>(PORT, "where 0 port = 7\n");
    check::<{ RANGE.length() }>(RANGE, "where 0 port = 80..=90\n");
}

#[test]
fn an_identity_says_name_and_versions() {
    const RECORD: Record<'_> = Record::Identity { name: "hello", version: "0.1.0", sdk: "0.2.0" };
    check::<{ RECORD.length() }>(RECORD, "extension hello 0.1.0 sdk 0.2.0\n");
}

#[test]
#[should_panic(expected = "a word key has no control characters")]
fn a_word_with_a_line_feed_is_none() {
    Record::Where { index: 0, field: "to", asked: Asked::Equal(Key::Word("a\nhandler")) }.length();
}

/// All that is wrong with a text, in words.
fn refusals(text: &str) -> Vec<String> {
    read(text.as_bytes()).filter_map(|line| line.err().map(|error| error.to_string())).collect()
}

#[test]
fn what_is_written_is_read() {
    const IMPORT: Record<'_> = Record::Import { declaration: &NOW };
    const ROW: Record<'_> = Record::Row { index: 3, event: &SENT, role: PICKY };
    const WHERE: Record<'_> = Record::Where { index: 3, field: "port", asked: PORTS };
    const IDENTITY: Record<'_> = Record::Identity { name: "hello", version: "0.1.0", sdk: "0.2.0" };
    let (import, row) = (IMPORT.bytes::<{ IMPORT.length() }>(), ROW.bytes::<{ ROW.length() }>());
    let (term, identity) = (WHERE.bytes::<{ WHERE.length() }>(), IDENTITY.bytes::<{ IDENTITY.length() }>());
    let text = [&import[..], &row, &term, &identity].concat();
    let lines: Vec<_> = read(&text).map(|line| line.expect("it was written by us")).collect();
    let expected = vec![
        (1, Line::Import { name: NOW.name, schema: NOW.schema }),
        (2, Line::Row { index: 3, event: SENT.name, schema: SENT.schema, role: PICKY }),
        (3, Line::Where { index: 3, field: "port", asked: PORTS }),
        (4, Line::Extension { name: "hello", version: "0.1.0", sdk: "0.2.0" }),
    ];
    assert_eq!(lines, expected);
}

#[test]
fn every_role_is_read_as_it_is_written() {
    for role in [EVERY, Role::DefaultHandler, Role::ResultHandler, Role::Guard, Role::ImposedGuard] {
        let text = format!("{role} 7 {}\n", SENT.schema);
        let row = Line::Row { index: 7, event: SENT.name, schema: SENT.schema, role };
        assert!(read(text.as_bytes()).eq([Ok((1, row))]), "{text}");
    }
}

#[test]
fn comments_empty_lines_and_blanks_around_a_line_are_skipped() {
    let text = "# import nothing\n\n   #\n  extension a 1 sdk WAT, by hand  \n";
    let line = Line::Extension { name: "a", version: "1", sdk: "WAT, by hand" };
    assert!(read(text.as_bytes()).eq([Ok((4, line))]));
}

#[test]
fn a_word_is_all_between_the_first_quote_and_the_last() {
    let line = Line::Where { index: 0, field: "to", asked: Asked::Equal(Key::Word("a\" = \"b")) };
    assert!(read(b"where 0 to = \"a\" = \"b\"\n").eq([Ok((1, line))]));
}

#[test]
fn a_range_of_one_number_is_that_number() {
    let line = Line::Where { index: 0, field: "port", asked: Asked::Equal(Key::Integer(7)) };
    assert!(read(b"where 0 port = 7..=7\n").eq([Ok((1, line))]));
}

#[test]
fn keys_are_found_behind_arguments_with_commas_of_their_own() {
    let schema =
        "event a.B(by: &P{x: [u8; 2], y: M(u8){A = 0, B = 1}}, key one: u8, two: &[u8], key three: &str)";
    let asked = Asked::Equal(Key::Word("x"));
    assert_eq!(term(schema, "three", asked), Ok(Term { field: 1, asked }));
    assert_eq!(term(schema, "one", asked), Err(Reason::KeyKind { field: "one", wanted: KeyKind::Integer }));
}

#[test]
fn a_term_of_no_key_is_told_the_keys_there_are() {
    let refusal = |schema, field, asked| term(schema, field, asked).unwrap_err().to_string();
    assert_eq!(refusal(SENT.schema, "prt", PORTS), "`prt` is not a key of the event; its keys are: to port");
    assert_eq!(refusal("event a.B()", "prt", PORTS), "`prt` is not a key of the event; it has none");
    let word = Asked::Equal(Key::Word("7"));
    assert_eq!(refusal(SENT.schema, "port", word), "the key `port` is a number: write it without quotes");
    assert_eq!(refusal(SENT.schema, "to", PORTS), "the key `to` is a word: write it in quotes");
}

#[test]
fn every_refusal_says_where_and_what_would_be_right() {
    let options = "expected `first, last, cancel, async, guard NUMBER, or event SCHEMA`, found";
    let condition = "expected `FIELD = NUMBER, FIELD = NUMBER..=NUMBER, or FIELD = \"WORD\"`, found";
    let again = "repeats an option or contradicts one: a handler has one place and one guard";
    let cases = [
        ("\nimport fn clock.now()", "line 2: it does not end with a line feed"),
        ("import\tfn clock.now()\n", "line 1: the byte 0x09 is a control character or no UTF-8"),
        (
            "imports fn a.b()\n",
            "line 1: it starts with `imports`, not with `extension`, `import`, `handler`, `where`, `default`, \
             `result`, `guard`, `impose` or `#`",
        ),
        ("extension hello\n", "line 1: expected `extension NAME VERSION sdk TEXT`, found `extension hello`"),
        ("handler one event a.B()\n", "line 1: expected the number of a row after `handler`, found `one`"),
        ("default +1 event a.B()\n", "line 1: expected the number of a row after `default`, found `+1`"),
        ("handler 4294967296 \n", "line 1: expected the number of a row after `handler`, found `4294967296`"),
        ("handler 0 guard first\n", "line 1: expected the number of a row after `guard`, found `first`"),
        ("handler 0 frist event a.B()\n", &format!("line 1: {options} `frist`")),
        ("handler 0 fn a.b()\n", &format!("line 1: {options} `fn`")),
        ("handler 0 first\n", &format!("line 1: {options} ``")),
        ("handler 0 first last event a.B()\n", &format!("line 1: `last` {again}")),
        ("handler 0 async async event a.B()\n", &format!("line 1: `async` {again}")),
        ("handler 0 guard 1 guard 2 event a.B()\n", &format!("line 1: `guard` {again}")),
        ("import fn now()\n", "line 1: expected `fn INTERFACE.NAME(ARGUMENTS) -> TYPE`, found `fn now()`"),
        (
            "import fn a.b(c: [u8; 2)\n",
            "line 1: expected `fn INTERFACE.NAME(ARGUMENTS) -> TYPE`, found `fn a.b(c: [u8; 2)`",
        ),
        (
            "guard 0 first event a.B()\n",
            "line 1: expected `event INTERFACE.NAME(ARGUMENTS) -> TYPE`, found `first event a.B()`",
        ),
        ("where to = 1\n", "line 1: expected the number of a row after `where`, found `to`"),
        ("where 0 to\n", &format!("line 1: {condition} `to`")),
        ("where 0 to = \"x\n", &format!("line 1: {condition} `to = \"x`")),
        ("where 0 to = 1..2\n", &format!("line 1: {condition} `to = 1..2`")),
        (
            "where 0 port = 99999999999999999999\n",
            &format!("line 1: {condition} `port = 99999999999999999999`"),
        ),
        ("where 0 port = 9..=7\n", "line 1: no number is in 9..=7"),
        (
            &format!("where 0 to = \"{}\"\n", "x".repeat(65)),
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
        b"handler 0 first guard 1 event a.B(key to: &str, by: &P{x: [u8; 2], y: M(u8){A = 0}}) -> u8\n\
                 where 0 to = \"x\"\nwhere 0 to = 7..=9\n";
    for at in 0..good.len() {
        for byte in [b' ', b'(', b')', b'{', b',', b'"', b'\n', 0xc3] {
            let mut text = good.to_vec();
            text[at] = byte;
            read(&text).for_each(drop);
            read(&text[..at]).for_each(drop);
        }
    }
}
