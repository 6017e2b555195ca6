//! One row of the handler table as the manifest has it.

use super::cursor::Cursor;
use super::{Field, MAX_ROWS, MAX_SCHEMA_BYTES, MAX_SYMBOL_BYTES, PackageError, Reason};
use crate::{Asked, Fingerprint, Key, KeyField, Options, Order, Role, Term, Terms};

/// A row of the handler table. Its place in the list is its place in the object's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The event: `console.Command`.
    pub event: &'a str,
    /// Fingerprint of the schema that the code was compiled against.
    pub fingerprint: Fingerprint,
    /// That schema.
    pub schema: &'a str,
    /// What it is for.
    pub role: Role<'a>,
}

/// Stands for a guard's row where there is none.
pub(super) const NO_GUARD: u16 = u16::MAX;

/// The number that stands for a role.
pub(super) const fn role_code(role: &Role<'_>) -> u8 {
    match role {
        Role::Handler(_) => 1,
        Role::DefaultHandler => 2,
        Role::ResultHandler => 3,
        Role::Guard => 4,
        Role::ImposedGuard => 5,
    }
}

impl<'a> Row<'a> {
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, PackageError> {
        Ok(Row {
            event: cursor.text(Field::RowEvent, MAX_SYMBOL_BYTES)?,
            fingerprint: cursor.fingerprint()?,
            schema: cursor.text(Field::RowSchema, MAX_SCHEMA_BYTES)?,
            role: role(cursor)?,
        })
    }
}

fn role<'a>(cursor: &mut Cursor<'a>) -> Result<Role<'a>, PackageError> {
    let offset = cursor.offset();
    match cursor.u8()? {
        1 => Ok(Role::Handler(Options {
            order: order(cursor)?,
            cancels: flag(cursor, Field::Cancels)?,
            asynchronous: flag(cursor, Field::Asynchronous)?,
            guard: guard(cursor)?,
            terms: terms(cursor)?,
        })),
        2 => Ok(Role::DefaultHandler),
        3 => Ok(Role::ResultHandler),
        4 => Ok(Role::Guard),
        5 => Ok(Role::ImposedGuard),
        value => Err(unknown(offset, Field::Role, value)),
    }
}

pub(super) fn unknown(offset: usize, field: Field, value: u8) -> PackageError {
    PackageError { offset, reason: Reason::Unknown { field, value: u32::from(value) } }
}

fn order(cursor: &mut Cursor<'_>) -> Result<Order, PackageError> {
    let offset = cursor.offset();
    match cursor.u8()? {
        0 => Ok(Order::Ordinary),
        1 => Ok(Order::First),
        2 => Ok(Order::Last),
        value => Err(unknown(offset, Field::Order, value)),
    }
}

fn flag(cursor: &mut Cursor<'_>, field: Field) -> Result<bool, PackageError> {
    let offset = cursor.offset();
    match cursor.u8()? {
        0 => Ok(false),
        1 => Ok(true),
        value => Err(unknown(offset, field, value)),
    }
}

fn guard(cursor: &mut Cursor<'_>) -> Result<Option<usize>, PackageError> {
    let offset = cursor.offset();
    let row = cursor.u16()?;
    match usize::from(row) {
        _ if row == NO_GUARD => Ok(None),
        row if row < MAX_ROWS => Ok(Some(row)),
        row => {
            let reason = Reason::Unknown { field: Field::Guard, value: row as u32 };
            Err(PackageError { offset, reason })
        }
    }
}

fn terms<'a>(cursor: &mut Cursor<'a>) -> Result<Terms<'a>, PackageError> {
    let (mut terms, mut last) = (Terms::NONE, None);
    for index in 0..cursor.short_count(Field::Terms, KeyField::MAX_PER_EVENT)? {
        let offset = cursor.offset();
        let term = term(cursor)?;
        let next = terms.and(term).ok().filter(|_| last < Some(term.field));
        let reason = Reason::Order { list: Field::Terms, index };
        (terms, last) = (next.ok_or(PackageError { offset, reason })?, Some(term.field));
    }
    Ok(terms)
}

fn term<'a>(cursor: &mut Cursor<'a>) -> Result<Term<'a>, PackageError> {
    let offset = cursor.offset();
    let field = cursor.u8()?;
    if usize::from(field) >= KeyField::MAX_PER_EVENT {
        return Err(unknown(offset, Field::KeyField, field));
    }
    Ok(Term { field: usize::from(field), asked: asked(cursor)? })
}

fn asked<'a>(cursor: &mut Cursor<'a>) -> Result<Asked<'a>, PackageError> {
    let offset = cursor.offset();
    match cursor.u8()? {
        1 => Ok(Asked::Equal(Key::Integer(cursor.u64()?))),
        2 => Ok(Asked::Equal(Key::Word(cursor.text(Field::KeyWord, Key::MAX_WORD_BYTES)?))),
        3 => range(cursor),
        value => Err(unknown(offset, Field::KeyKind, value)),
    }
}

/// A range has at least two numbers: one alone is written as a number.
fn range<'a>(cursor: &mut Cursor<'a>) -> Result<Asked<'a>, PackageError> {
    let offset = cursor.offset();
    let (from, to) = (cursor.u64()?, cursor.u64()?);
    match from < to {
        true => Ok(Asked::Range { from, to }),
        false => Err(PackageError { offset, reason: Reason::Range { from, to } }),
    }
}
