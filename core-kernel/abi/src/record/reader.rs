//! Reading lines: of text that the macros wrote, or a human.
//!
//! *Concepts.* Nothing is trusted: the text may be anything at all. A schema is looked at as far as it is needed here, its
//! name and its keys; that the rest is right too its fingerprint says, to the kernel.

use super::{Reason, RecordError};
use crate::{Asked, Key, KeyKind, Options, Order, Role, Term};

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// Which extension this is.
    Extension {
        /// What it is called.
        name: &'a str,
        /// Its version.
        version: &'a str,
        /// What it was built with.
        sdk: &'a str,
    },
    /// A procedure that the extension may call.
    Import {
        /// Its name, for example `console.write_line`.
        name: &'a str,
        /// Its schema.
        schema: &'a str,
    },
    /// A row of the handler table.
    Row {
        /// Which row.
        index: u32,
        /// The name of the event.
        event: &'a str,
        /// Its schema.
        schema: &'a str,
        /// What it is for. A handler's terms are in lines of their own.
        role: Role<'a>,
    },
    /// A term of a handler.
    Where {
        /// The row of the handler.
        index: u32,
        /// The name of the key field.
        field: &'a str,
        /// What is asked of it.
        asked: Asked<'a>,
    },
}

/// Reads the records in `text`, line by line; comments and empty lines are skipped. Each comes with its number, from 1.
///
/// ```
/// use spindle_abi::record::{Line, read};
///
/// let text = b"# written by hand\nimport fn clock.now() -> u64\n";
/// let line = Line::Import { name: "clock.now", schema: "fn clock.now() -> u64" };
/// assert!(read(text).eq([Ok((2, line))]));
/// assert_eq!(read(b"import clock.now").next().unwrap().unwrap_err().to_string(), "line 1: it does not end with a line feed");
/// ```
///
/// # Errors
/// Per line, what is wrong with it ([`Reason`]); later lines are read all the same.
pub fn read(text: &[u8]) -> impl Iterator<Item = Result<(usize, Line<'_>), RecordError<'_>>> {
    let lines = (1..).zip(text.split_inclusive(|byte| *byte == b'\n'));
    lines.filter_map(|(number, line)| match read_line(line) {
        Ok(None) => None,
        Ok(Some(line)) => Some(Ok((number, line))),
        Err(reason) => Some(Err(RecordError { line: number, reason })),
    })
}

fn read_line(line: &[u8]) -> Result<Option<Line<'_>>, Reason<'_>> {
    let line = line.strip_suffix(b"\n").ok_or(Reason::Unterminated)?;
    let line = as_text(line)?.trim();
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "" => Ok(None),
        _ if word.starts_with('#') => Ok(None),
        "extension" => extension(line, rest).map(Some),
        "import" => {
            Declared::read("fn", rest).map(|Declared { name, schema }| Some(Line::Import { name, schema }))
        }
        "handler" => handler(rest).map(Some),
        "where" => condition(rest).map(Some),
        "default" => row(word, rest, Role::DefaultHandler).map(Some),
        "result" => row(word, rest, Role::ResultHandler).map(Some),
        "guard" => row(word, rest, Role::Guard).map(Some),
        "impose" => row(word, rest, Role::ImposedGuard).map(Some),
        _ => Err(Reason::Unknown { word }),
    }
}

fn as_text(line: &[u8]) -> Result<&str, Reason<'_>> {
    if let Some(control) = line.iter().find(|byte| byte.is_ascii_control()) {
        return Err(Reason::Byte { found: *control });
    }
    core::str::from_utf8(line).map_err(|error| Reason::Byte { found: line[error.valid_up_to()] })
}

fn extension<'a>(line: &'a str, rest: &'a str) -> Result<Line<'a>, Reason<'a>> {
    let mut parts = rest.splitn(4, ' ');
    match [parts.next(), parts.next(), parts.next(), parts.next()] {
        [Some(name), Some(version), Some("sdk"), Some(sdk)] if ![name, version, sdk].contains(&"") => {
            Ok(Line::Extension { name, version, sdk })
        }
        _ => Err(Reason::Identity { found: line }),
    }
}

fn handler(rest: &str) -> Result<Line<'_>, Reason<'_>> {
    let (index, rest) = number("handler", rest)?;
    let (options, schema) = options(rest)?;
    let Declared { name: event, schema } = Declared::read("event", schema)?;
    Ok(Line::Row { index, event, schema, role: Role::Handler(options) })
}

fn row<'a>(word: &'a str, rest: &'a str, role: Role<'a>) -> Result<Line<'a>, Reason<'a>> {
    let (index, schema) = number(word, rest)?;
    let Declared { name: event, schema } = Declared::read("event", schema)?;
    Ok(Line::Row { index, event, schema, role })
}

/// Takes the number of a row, which stands after the word `after`, off the front.
fn number<'a>(after: &'a str, rest: &'a str) -> Result<(u32, &'a str), Reason<'a>> {
    let (found, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    match whole_number(found).and_then(|number| u32::try_from(number).ok()) {
        Some(number) => Ok((number, rest)),
        None => Err(Reason::Index { after, found }),
    }
}

fn whole_number(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// Takes the options of a handler off the front of its schema.
fn options(mut rest: &str) -> Result<(Options<'_>, &str), Reason<'_>> {
    let mut options = Options::NONE;
    loop {
        let (option, after) = rest.split_once(' ').unwrap_or((rest, ""));
        let (is_free, after) = match option {
            "event" => return Ok((options, rest)),
            "first" => (take_place(&mut options, Order::First), after),
            "last" => (take_place(&mut options, Order::Last), after),
            "cancel" => (!core::mem::replace(&mut options.cancels, true), after),
            "async" => (!core::mem::replace(&mut options.asynchronous, true), after),
            "guard" => {
                let (row, after) = number(option, after)?;
                (options.guard.replace(row as usize).is_none(), after)
            }
            _ => return Err(Reason::UnknownOption { found: option }),
        };
        if !is_free {
            return Err(Reason::Contradiction { option });
        }
        rest = after;
    }
}

/// Whether there was no place before.
fn take_place(options: &mut Options<'_>, order: Order) -> bool {
    core::mem::replace(&mut options.order, order) == Order::Ordinary
}

fn condition(rest: &str) -> Result<Line<'_>, Reason<'_>> {
    let (index, condition) = number("where", rest)?;
    let malformed = Reason::Condition { found: condition };
    let (field, value) = condition.split_once(" = ").ok_or(malformed)?;
    let asked = match value.strip_prefix('"') {
        Some(word) => Asked::Equal(word_key(word.strip_suffix('"').ok_or(malformed)?)?),
        None => numbers(value).ok_or(malformed)??,
    };
    Ok(Line::Where { index, field, asked })
}

/// Reads `7` or `7..=9`; `None` if it is neither.
fn numbers(value: &str) -> Option<Result<Asked<'_>, Reason<'_>>> {
    let (from, to) = value.split_once("..=").unwrap_or((value, value));
    let (from, to) = (whole_number(from)?, whole_number(to)?);
    Some(Asked::range(from, to).map_err(|_| Reason::EmptyRange { from, to }))
}

/// Finds the key field called `field` of an event with this schema, of which a line `where` asks `asked`.
///
/// # Errors
/// [`Reason::NoSuchKey`], [`Reason::KeyKind`].
pub fn term<'a>(schema: &'a str, field: &'a str, asked: Asked<'a>) -> Result<Term<'a>, Reason<'a>> {
    match key_fields(schema).zip(0..).find(|((name, _), _)| *name == field) {
        None => Err(Reason::NoSuchKey { field, schema }),
        Some(((_, wanted), _)) if wanted != asked.kind() => Err(Reason::KeyKind { field, wanted }),
        Some((_, field)) => Ok(Term { field, asked }),
    }
}

fn word_key(word: &str) -> Result<Key<'_>, Reason<'_>> {
    Key::word(word).map_err(|_| Reason::WordTooLong { bytes: word.len() })
}

/// A schema, as far as it is looked at.
struct Declared<'a> {
    name: &'a str,
    schema: &'a str,
}

impl<'a> Declared<'a> {
    fn read(kind: &'static str, schema: &'a str) -> Result<Self, Reason<'a>> {
        let refused = Reason::Schema { kind, found: schema };
        let signature = schema.strip_prefix(kind).and_then(|rest| rest.strip_prefix(' ')).ok_or(refused)?;
        let (name, rest) = signature.split_once('(').ok_or(refused)?;
        let end = end_of_arguments(rest).ok_or(refused)?;
        let outcome = &rest[end + 1..];
        let is_right = is_full_name(name) && (outcome.is_empty() || outcome.starts_with(" -> "));
        if is_right { Ok(Self { name, schema }) } else { Err(refused) }
    }
}

/// `console.write_line`: two names.
fn is_full_name(name: &str) -> bool {
    let is_name = |part: &str| {
        part.starts_with(|first: char| first.is_alphabetic() || first == '_')
            && part.chars().all(|character| character.is_alphanumeric() || character == '_')
    };
    name.split_once('.').is_some_and(|(interface, item)| is_name(interface) && is_name(item))
}

/// The place of the `)` that ends the arguments, which begin where `text` does.
fn end_of_arguments(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b')' if depth == 0 => return Some(at),
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

/// Name and kind of each key of an event, by its schema.
pub(super) fn key_fields(schema: &str) -> impl Iterator<Item = (&str, KeyKind)> {
    let arguments =
        schema.split_once('(').map_or("", |(_, rest)| &rest[..end_of_arguments(rest).unwrap_or(0)]);
    Arguments(arguments).filter_map(|argument| {
        let (name, ty) = argument.strip_prefix("key ")?.split_once(": ")?;
        Some((name, if ty == "&str" { KeyKind::Word } else { KeyKind::Integer }))
    })
}

/// The arguments in a list: divided by commas that are in no bracket.
struct Arguments<'a>(&'a str);

impl<'a> Iterator for Arguments<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let mut depth = 0usize;
        let comma = self.0.bytes().position(|byte| {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            byte == b',' && depth == 0
        });
        let (argument, rest) = comma.map_or((self.0, ""), |comma| (&self.0[..comma], &self.0[comma + 1..]));
        self.0 = rest;
        Some(argument.trim_start())
    }
}
