//! Guards as data: what a handler asks of the event's key fields.

use crate::InstallError;
use core::fmt;
use spindle_abi::{Asked, Key, KeyField, KeyKind, Term};

/// A guard that the dispatcher evaluates without calling anybody: one or more key fields must each have a given value, or one in
/// a given range.
///
/// ```
/// use spindle_abi::Key;
/// use spindle_dispatcher::KeyGuard;
///
/// let guard = KeyGuard::new(0, Key::Word("udp"))?.and(KeyGuard::range(1, 80, 90)?)?;
/// assert_eq!(guard.terms().count(), 2);
/// # Ok::<(), spindle_dispatcher::InstallError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct KeyGuard {
    /// Nothing is asked of this field and those after it. In front, so that most guards are evaluated by looking at one cache line.
    end: u8,
    /// Of how many fields something is asked.
    terms: u8,
    /// What is asked of each field.
    wanted: [Wanted; KeyField::MAX_PER_EVENT],
}

/// What is asked of one field, kept by the dispatcher: what it was made from may go away with its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Anything,
    /// Both ends are among them, and `from` is not above `to`.
    Integer {
        from: u64,
        to: u64,
    },
    /// The bytes behind `len` are zero.
    Word {
        len: u8,
        bytes: [u8; Key::MAX_WORD_BYTES],
    },
}

const _: () = assert!(Key::MAX_WORD_BYTES <= u8::MAX as usize);
// Ten thousand of them take 3 MB.
const _: () = assert!(size_of::<Option<KeyGuard>>() <= 296);

impl KeyGuard {
    /// Makes the guard `field == value`, copying the value.
    ///
    /// # Errors
    /// [`InstallError::NoSuchKey`] beyond [`KeyField::MAX_PER_EVENT`]; [`InstallError::KeyTooLong`].
    pub fn new(field: usize, value: Key<'_>) -> Result<Self, InstallError> {
        let wanted = match value {
            Key::Integer(integer) => Wanted::Integer { from: integer, to: integer },
            Key::Word(word) => Wanted::word(word)?,
        };
        Self::one(field, wanted)
    }

    /// Makes the guard that `field` is a number from `from` to `to`, both among them.
    ///
    /// # Errors
    /// [`InstallError::NoSuchKey`] beyond [`KeyField::MAX_PER_EVENT`]; [`InstallError::EmptyRange`] if `from` is above `to`.
    pub fn range(field: usize, from: u64, to: u64) -> Result<Self, InstallError> {
        if from > to {
            return Err(InstallError::EmptyRange { from, to });
        }
        Self::one(field, Wanted::Integer { from, to })
    }

    fn one(field: usize, wanted: Wanted) -> Result<Self, InstallError> {
        let mut wanted_of_each = [Wanted::Anything; KeyField::MAX_PER_EVENT];
        *wanted_of_each.get_mut(field).ok_or(InstallError::NoSuchKey(field))? = wanted;
        Ok(Self { end: field as u8 + 1, terms: 1, wanted: wanted_of_each })
    }

    /// The guard that holds if this one and `other` do. What both ask of one field becomes one term.
    ///
    /// # Errors
    /// [`InstallError::NeverHolds`] if no value of a field suits both.
    pub fn and(mut self, other: Self) -> Result<Self, InstallError> {
        for (field, (wanted, more)) in self.wanted.iter_mut().zip(&other.wanted).enumerate() {
            *wanted = wanted.and(more).ok_or(InstallError::NeverHolds(field))?;
        }
        Ok(Self { end: self.end.max(other.end), terms: self.terms().count() as u8, ..self })
    }

    /// What it asks for, ascending by field: one term for each that it asks anything of, and at least one.
    pub fn terms(&self) -> impl Iterator<Item = Term<'_>> + Clone {
        let asked = self.wanted.iter().map(Wanted::asked).enumerate();
        asked.filter_map(|(field, asked)| Some(Term { field, asked: asked? }))
    }

    /// It as a listing shows it, with the names of the event's key fields: `port = 7 and size in 1..=9 and word = "x"`.
    pub fn in_words<'a>(&'a self, fields: &'a [KeyField]) -> impl fmt::Display + 'a {
        fmt::from_fn(move |out| {
            for (count, term) in self.terms().enumerate() {
                let name = fields.get(term.field).map_or("?", |field| field.name);
                let separator = if count == 0 { "" } else { " and " };
                write!(out, "{separator}{name} ")?;
                match term.asked {
                    Asked::Equal(Key::Integer(integer)) => write!(out, "= {integer}")?,
                    Asked::Equal(Key::Word(word)) => write!(out, "= {word:?}")?,
                    Asked::Range { from, to } => write!(out, "in {from}..={to}")?,
                }
            }
            Ok(())
        })
    }

    /// Whether an event with these key fields has each that something is asked of, and of the right kind.
    pub(crate) fn check(&self, fields: &[KeyField]) -> Result<(), InstallError> {
        self.terms().try_for_each(|term| {
            let field = fields.get(term.field).ok_or(InstallError::NoSuchKey(term.field))?;
            let fits = field.kind == term.asked.kind();
            if fits { Ok(()) } else { Err(InstallError::KeyKind(term.field)) }
        })
    }

    /// Whether it holds for every raise for which the index names it (INV-KEY-3).
    pub(crate) fn is_exact(&self) -> bool {
        self.terms == 1 && self.terms().all(|term| term.asked.kind() == KeyKind::Integer)
    }

    /// Whether the guard holds for an event whose key field is `key`, if it asks for no other one.
    #[inline]
    pub(crate) fn holds_alone(&self, key: Key<'_>) -> Option<bool> {
        let wanted = self.wanted.get(usize::from(self.end).checked_sub(1)?)?;
        (self.terms == 1).then(|| wanted.holds(key))
    }

    /// Whether the guard holds for an event whose key fields are `keys`.
    #[inline]
    pub(crate) fn holds(&self, keys: &[Key<'_>]) -> bool {
        let end = usize::from(self.end);
        let (Some(wanted), Some(keys)) = (self.wanted.get(..end), keys.get(..end)) else { return false };
        wanted.iter().zip(keys).all(|(wanted, &key)| wanted.holds(key))
    }
}

impl Wanted {
    fn word(word: &str) -> Result<Self, InstallError> {
        let mut bytes = [0; Key::MAX_WORD_BYTES];
        let target = bytes.get_mut(..word.len()).ok_or(InstallError::KeyTooLong(word.len()))?;
        target.copy_from_slice(word.as_bytes());
        Ok(Self::Word { len: word.len() as u8, bytes })
    }

    /// What suits both; `None` if nothing does.
    fn and(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Anything, wanted) | (wanted, Self::Anything) => Some(*wanted),
            (Self::Integer { from, to }, Self::Integer { from: more, to: less }) => {
                let (from, to) = (*from.max(more), *to.min(less));
                (from <= to).then_some(Self::Integer { from, to })
            }
            (one, same) => (one == same).then_some(*one),
        }
    }

    fn asked(&self) -> Option<Asked<'_>> {
        match self {
            Self::Anything => None,
            Self::Integer { from, to } if from == to => Some(Asked::Equal(Key::Integer(*from))),
            &Self::Integer { from, to } => Some(Asked::Range { from, to }),
            Self::Word { len, bytes } => {
                let word = core::str::from_utf8(&bytes[..usize::from(*len)]);
                Some(Asked::Equal(Key::Word(word.expect("copied whole from a str"))))
            }
        }
    }

    #[inline]
    fn holds(&self, key: Key<'_>) -> bool {
        match (self, key) {
            (Self::Anything, _) => true,
            // One comparison for both ends.
            (Self::Integer { from, to }, Key::Integer(actual)) => actual.wrapping_sub(*from) <= to - from,
            (Self::Word { len, bytes }, Key::Word(actual)) => {
                bytes.get(..usize::from(*len)).is_some_and(|word| word == actual.as_bytes())
            }
            _ => false,
        }
    }
}
