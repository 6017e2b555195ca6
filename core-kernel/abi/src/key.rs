//! Keys: argument values that select handlers without running code.
//!
//! *Concepts.* An event marks up to [`KeyField::MAX_PER_EVENT`] arguments as keys; a handler may ask for values of them
//! ([`crate::term`]). The dispatcher finds such handlers by an index, so their number does not matter.

use crate::raw::RawStr;
use crate::text::Text;
use crate::{Asked, Error, Term};

/// A key's value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Key<'a> {
    /// An unsigned integer argument, widened.
    Integer(u64),
    /// A string argument.
    Word(&'a str),
}

impl<'a> Key<'a> {
    /// The longest word that a handler may ask for.
    pub const MAX_WORD_BYTES: usize = 64;

    /// Makes a word key that a handler may ask for.
    ///
    /// # Errors
    /// [`Error::WordTooLong`] above [`Key::MAX_WORD_BYTES`].
    pub const fn word(word: &'a str) -> Result<Self, Error> {
        if word.len() > Self::MAX_WORD_BYTES {
            return Err(Error::WordTooLong { bytes: word.len() });
        }
        Ok(Self::Word(word))
    }

    /// Which kind of key this is.
    pub const fn kind(&self) -> KeyKind {
        match self {
            Self::Integer(_) => KeyKind::Integer,
            Self::Word(_) => KeyKind::Word,
        }
    }
}

/// The kind of a key argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyKind {
    /// An unsigned integer.
    Integer,
    /// A string.
    Word,
}

/// A key argument of an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeyField {
    /// The name of the argument.
    pub name: &'static str,
    /// What kind of value it has.
    pub kind: KeyKind,
}

impl KeyField {
    /// How many key arguments one event may have.
    pub const MAX_PER_EVENT: usize = 4;
}

/// An argument type that can be a key: an unsigned integer up to 64 bits, or `&str`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key",
    label = "not an unsigned integer up to `u64`, nor `&str`",
    note = "drop `#[key]` from this argument, or change its type"
)]
pub trait KeyArgument {
    /// Which kind of key this makes.
    const KIND: KeyKind;
    /// The value of the key.
    fn key(&self) -> Key<'_>;
}

impl KeyArgument for RawStr<'_> {
    const KIND: KeyKind = KeyKind::Word;
    #[inline]
    fn key(&self) -> Key<'_> {
        Key::Word(self.get())
    }
}

macro_rules! integer_keys {
    ($($integer:ty),*) => {$(
        impl KeyArgument for $integer {
            const KIND: KeyKind = KeyKind::Integer;
            #[inline]
            fn key(&self) -> Key<'_> {
                Key::Integer(u64::from(*self))
            }
        }
    )*};
}
integer_keys!(u8, u16, u32, u64);

/// Finds the key field `name` of an event for a handler that asks for `asked`; used by `#[handler]` in a constant.
///
/// # Panics
/// With a message for the handler's author if the event has no such key, or one of the other kind.
#[track_caller]
pub const fn select(event: &str, fields: &[KeyField], name: &str, asked: Asked<'static>) -> Term<'static> {
    let mut field = 0;
    while field < fields.len() {
        if same(fields[field].name, name) {
            if fields[field].kind as u8 != asked.kind() as u8 {
                refuse_kind(name, fields[field].kind);
            }
            return Term { field, asked };
        }
        field += 1;
    }
    refuse_name(event, fields, name)
}

#[track_caller]
const fn refuse_kind(name: &str, wanted: KeyKind) -> ! {
    let mut text = Text::<256>::new();
    text.str("key `");
    text.str(name);
    text.str(match wanted {
        KeyKind::Integer => "` is an integer: write a number",
        KeyKind::Word => "` is a word: write a string",
    });
    panic!("{}", text.as_str())
}

#[track_caller]
const fn refuse_name(event: &str, fields: &[KeyField], name: &str) -> ! {
    let mut text = Text::<256>::new();
    text.str("`");
    text.str(name);
    text.str("` is not a key of `");
    text.str(event);
    text.str(if fields.is_empty() { "`, which has none: remove it" } else { "`; its keys are: " });
    let mut at = 0;
    while at < fields.len() {
        if at > 0 {
            text.str(", ");
        }
        text.str(fields[at].name);
        at += 1;
    }
    panic!("{}", text.as_str())
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

#[cfg(test)]
mod tests {
    use super::{Key, KeyField, KeyKind, select};
    use crate::{Asked, Error, Term};

    const SEVEN: Asked<'_> = Asked::Equal(Key::Integer(7));

    const FIELDS: &[KeyField] =
        &[KeyField { name: "word", kind: KeyKind::Word }, KeyField { name: "port", kind: KeyKind::Integer }];

    #[test]
    fn a_key_is_found_by_its_name() {
        assert_eq!(select("net.Sent", FIELDS, "port", SEVEN), Term { field: 1, asked: SEVEN });
    }

    #[test]
    #[should_panic(expected = "`prt` is not a key of `net.Sent`; its keys are: word, port")]
    fn an_unknown_name_is_told_the_names_there_are() {
        select("net.Sent", FIELDS, "prt", SEVEN);
    }

    #[test]
    #[should_panic(expected = "key `port` is an integer: write a number")]
    fn a_value_of_the_other_kind_is_told_what_to_write() {
        select("net.Sent", FIELDS, "port", Asked::Equal(Key::Word("7")));
    }

    #[test]
    #[should_panic(expected = "key `word` is a word: write a string")]
    fn a_word_has_no_range() {
        select("net.Sent", FIELDS, "word", Asked::Range { from: 1, to: 2 });
    }

    #[test]
    fn a_word_of_65_bytes_is_too_long() {
        let word = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdefX";
        assert_eq!(Key::word(word), Err(Error::WordTooLong { bytes: 65 }));
        assert_eq!(Key::word(&word[..64]), Ok(Key::Word(&word[..64])));
    }
}
