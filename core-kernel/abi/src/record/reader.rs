//! Reading lines: of text that the macros wrote, or a human.
//!
//! *Concepts.* Nothing is trusted: the text may be anything at all. A schema is looked at as far as it is needed here, its
//! name and its keys; that the rest is right too its fingerprint says, to the kernel.

use super::{Reason, RecordError};
use crate::{Key, KeyKind};

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
    Handler {
        /// Which row.
        index: u32,
        /// The name of the event.
        event: &'a str,
        /// Its schema.
        schema: &'a str,
        /// The key asked for: which of the event's keys, and the value.
        key: Option<(usize, Key<'a>)>,
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
    let (index, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let is_number = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
    let index = index.parse().ok().filter(|_| is_number).ok_or(Reason::Index { found: index })?;
    // `where` is a word of Rust: no name in a schema is this one.
    let (schema, condition) = match rest.split_once(" where ") {
        Some((schema, condition)) => (schema, Some(condition)),
        None => (rest, None),
    };
    let Declared { name: event, schema } = Declared::read("event", schema)?;
    let key = condition.map(|condition| key(schema, condition)).transpose()?;
    Ok(Line::Handler { index, event, schema, key })
}

/// Reads `FIELD = NUMBER` or `FIELD = "WORD"` and finds the field among the event's keys.
fn key<'a>(schema: &'a str, condition: &'a str) -> Result<(usize, Key<'a>), Reason<'a>> {
    let malformed = Reason::Condition { found: condition };
    let (field, value) = condition.split_once(" = ").ok_or(malformed)?;
    let key = match value.strip_prefix('"') {
        Some(word) => word_key(word.strip_suffix('"').ok_or(malformed)?)?,
        None if value.bytes().all(|byte| byte.is_ascii_digit()) => {
            Key::Integer(value.parse().map_err(|_| malformed)?)
        }
        None => return Err(malformed),
    };
    let found = key_fields(schema).zip(0..).find(|((name, _), _)| *name == field);
    match found {
        None => Err(Reason::NoSuchKey { field, schema }),
        Some(((_, wanted), _)) if wanted != key.kind() => Err(Reason::KeyKind { field, wanted }),
        Some((_, index)) => Ok((index, key)),
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
