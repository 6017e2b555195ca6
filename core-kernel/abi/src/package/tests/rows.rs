//! The rows of a package: what of them is kept, and which tables are refused, with the words for it.

extern crate std;

use std::string::ToString;
use std::{format, vec};

use super::super::{Contents, Field, MAX_ROWS, Package, Reason, Row, RowError, pack};
use super::contents;
use crate::{Asked, Fingerprint, Key, Options, Order, Role, Term, Terms};

const COMMAND: &str = "event console.Command(key word: &str) -> Status{code: u32}";
const SENT: &str = "event net.Sent(key port: u16, key to: u64)";

const fn row(schema: &'static str, role: Role<'static>) -> Row<'static> {
    Row { event: "an.Event", fingerprint: Fingerprint::of(schema), schema, role }
}

const fn all(terms: &[Term<'static>]) -> Terms<'static> {
    match Terms::new(terms) {
        Ok(terms) => terms,
        Err(_) => panic!("they are written here"),
    }
}

const EVERY: Role<'_> = Role::Handler(Options::NONE);
const PORTS: Term<'_> = Term { field: 0, asked: Asked::Range { from: 80, to: 90 } };
const TO: Term<'_> = Term { field: 3, asked: Asked::Equal(Key::Integer(u64::MAX)) };

/// One row of each role.
pub(super) const ROWS: &[Row<'_>] = &[
    row(COMMAND, Role::Handler(Options { terms: all(&[Term { field: 0, asked: HELLO }]), ..Options::NONE })),
    row(
        SENT,
        Role::Handler(Options {
            terms: all(&[PORTS, TO]),
            order: Order::First,
            cancels: true,
            asynchronous: true,
            guard: Some(3),
        }),
    ),
    row(COMMAND, Role::DefaultHandler),
    row(SENT, Role::Guard),
    row(COMMAND, Role::ResultHandler),
    row(SENT, Role::ImposedGuard),
    row(SENT, EVERY),
    row(SENT, Role::Handler(Options { order: Order::Last, guard: Some(3), ..Options::NONE })),
];
const HELLO: Asked<'_> = Asked::Equal(Key::Word("hello"));

fn guarded_by(guard: usize) -> Role<'static> {
    Role::Handler(Options { guard: Some(guard), ..Options::NONE })
}

fn handler(terms: Terms<'static>) -> Role<'static> {
    Role::Handler(Options { terms, ..Options::NONE })
}

fn refused(rows: &[Row<'_>]) -> Reason {
    pack(&Contents { rows, ..contents() }).unwrap_err().reason
}

#[test]
fn tables_that_do_not_go_together_are_refused_by_row() {
    let later = Role::Handler(Options { asynchronous: true, ..Options::NONE });
    let quick = "event bench.Null()";
    let cases = [
        (0, RowError::NoSuchGuard { guard: 1 }, vec![row(SENT, guarded_by(1))]),
        (1, RowError::NotAGuard { guard: 0 }, vec![row(SENT, EVERY), row(SENT, guarded_by(0))]),
        (0, RowError::NotAGuard { guard: 1 }, vec![row(SENT, guarded_by(1)), row(SENT, Role::ImposedGuard)]),
        (
            0,
            RowError::GuardOfAnotherEvent { guard: 1 },
            vec![row(SENT, guarded_by(1)), row(COMMAND, Role::Guard)],
        ),
        (1, RowError::UnusedGuard, vec![row(SENT, EVERY), row(SENT, Role::Guard)]),
        (0, RowError::NoResult, vec![row(SENT, Role::ResultHandler)]),
        (0, RowError::NotQueueable, vec![row(COMMAND, later)]),
        (1, RowError::NotQueueable, vec![row(quick, later), row("event a.B(by: &u64)", later)]),
        (
            2,
            RowError::Second { first: 0 },
            vec![row(SENT, Role::DefaultHandler), row(SENT, EVERY), row(SENT, Role::DefaultHandler)],
        ),
        (1, RowError::Second { first: 0 }, vec![row(COMMAND, Role::ResultHandler); 2]),
    ];
    for (at, why, rows) in cases {
        let reason = refused(&rows);
        assert_eq!(reason, Reason::Row { row: at, why });
        assert!(reason.to_string().starts_with(&format!("row {at} of the handler table: ")), "{reason}");
    }
}

#[test]
fn one_guard_may_serve_several_handlers_and_each_event_has_its_own_default() {
    let rows = [row(SENT, Role::Guard), row(SENT, guarded_by(0)), row(SENT, guarded_by(0))];
    pack(&Contents { rows: &rows, ..contents() }).unwrap();
    let rows =
        [row(SENT, Role::DefaultHandler), row(COMMAND, Role::DefaultHandler), row(SENT, Role::ImposedGuard)];
    pack(&Contents { rows: &rows, ..contents() }).unwrap();
}

#[test]
fn a_refused_row_is_named_by_its_place_in_the_file() {
    let mut file = pack(&Contents { rows: &[row(SENT, EVERY), row(SENT, EVERY)], ..contents() }).unwrap();
    let is_event = |eight: &[u8]| eight == b"an.Event";
    let second = file.windows(8).rposition(is_event).unwrap() - 2;
    let guard = file.windows(SENT.len()).rposition(|text| text == SENT.as_bytes()).unwrap() + SENT.len() + 4;
    assert_eq!(file[guard..guard + 2], [0xff, 0xff]);
    file[guard..guard + 2].copy_from_slice(&[9, 0]);
    let error = Package::parse(&file).unwrap_err();
    assert_eq!(error.reason, Reason::Row { row: 1, why: RowError::NoSuchGuard { guard: 9 } });
    assert_eq!(error.offset, second);
}

#[test]
fn there_are_limits_to_rows_terms_and_fields() {
    let limit = MAX_ROWS;
    let reason = Reason::TooLong { field: Field::Rows, length: limit + 1, limit };
    assert_eq!(refused(&vec![row(SENT, EVERY); limit + 1]), reason);
    pack(&Contents { rows: &vec![row(SENT, EVERY); limit], ..contents() }).unwrap();
    let beyond = Term { field: 4, ..TO };
    let reason = Reason::Unknown { field: Field::KeyField, value: 4 };
    assert_eq!(refused(&[row(SENT, handler(all(&[beyond])))]), reason);
    assert_eq!(
        refused(&[row(SENT, guarded_by(70_000))]),
        Reason::Unknown { field: Field::Guard, value: 0xfffe }
    );
    assert_eq!(refused(&[row(SENT, guarded_by(256))]), Reason::Unknown { field: Field::Guard, value: 256 });
}

#[test]
fn what_can_be_written_in_one_way_is() {
    let range = Term { field: 0, asked: Asked::Range { from: 7, to: 7 } };
    assert_eq!(refused(&[row(SENT, handler(all(&[range])))]), Reason::Range { from: 7, to: 7 });
    let terms = all(&[Term { field: 1, asked: Asked::Equal(Key::Integer(7)) }, TO]);
    let mut file = pack(&Contents { rows: &[row(SENT, handler(terms))], ..contents() }).unwrap();
    let second = file.windows(9).rposition(|nine| nine == [3, 1, 255, 255, 255, 255, 255, 255, 255]).unwrap();
    file[second] = 1;
    let error = Package::parse(&file).unwrap_err();
    assert_eq!(error.reason, Reason::Order { list: Field::Terms, index: 1 });
    assert_eq!(error.offset, second);
}

/// Every choice of a handler, with every value that a byte can have.
#[test]
fn a_choice_has_no_other_values() {
    let file = pack(&Contents { rows: &[row(SENT, EVERY)], ..contents() }).unwrap();
    let role = file.windows(SENT.len()).position(|text| text == SENT.as_bytes()).unwrap() + SENT.len();
    let choices = [(Field::Role, 0), (Field::Order, 1), (Field::Cancels, 2), (Field::Asynchronous, 3)];
    for (field, at) in choices {
        for value in [6, 77, 255] {
            let mut changed = file.clone();
            changed[role + at] = value;
            let error = Package::parse(&changed).unwrap_err();
            assert_eq!(error.reason, Reason::Unknown { field, value: u32::from(value) });
            assert_eq!(error.offset, role + at);
        }
    }
}
