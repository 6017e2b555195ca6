//! Guards as data: a key field of the event must have a given value.

use crate::InstallError;
use spindle_abi::{Key, KeyField};

/// A guard `field == value`, evaluated by the dispatcher without calling anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyGuard {
    field: u8,
    value: Value,
}

/// A key's value, kept by the dispatcher: the one it was made from may go away with its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    Integer(u64),
    Word { len: u8, bytes: [u8; Key::MAX_WORD_BYTES] },
}

const _: () = assert!(Key::MAX_WORD_BYTES <= u8::MAX as usize);

impl KeyGuard {
    /// Makes the guard `field == value`, copying the value.
    ///
    /// # Errors
    /// [`InstallError::NoSuchKey`] beyond [`KeyField::MAX_PER_EVENT`]; [`InstallError::KeyTooLong`].
    pub fn new(field: usize, value: Key<'_>) -> Result<Self, InstallError> {
        if field >= KeyField::MAX_PER_EVENT {
            return Err(InstallError::NoSuchKey(field));
        }
        let value = match value {
            Key::Integer(integer) => Value::Integer(integer),
            Key::Word(word) => {
                let mut bytes = [0; Key::MAX_WORD_BYTES];
                let target = bytes.get_mut(..word.len()).ok_or(InstallError::KeyTooLong(word.len()))?;
                target.copy_from_slice(word.as_bytes());
                Value::Word { len: word.len() as u8, bytes }
            }
        };
        Ok(Self { field: field as u8, value })
    }

    /// Which key field of the event is compared.
    pub fn field(&self) -> usize {
        usize::from(self.field)
    }

    /// Whether `field` is declared by an event with these key fields, and of the value's kind.
    pub(crate) fn check(&self, fields: &[KeyField]) -> Result<(), InstallError> {
        let field = fields.get(self.field()).ok_or(InstallError::NoSuchKey(self.field()))?;
        if field.kind == self.value().kind() { Ok(()) } else { Err(InstallError::KeyKind(self.field())) }
    }

    /// The value that it must have.
    pub fn value(&self) -> Key<'_> {
        match &self.value {
            Value::Integer(integer) => Key::Integer(*integer),
            Value::Word { len, bytes } => {
                Key::Word(core::str::from_utf8(&bytes[..usize::from(*len)]).expect("copied whole from a str"))
            }
        }
    }

    /// Whether the guard holds for an event whose key fields are `keys`.
    pub(crate) fn holds(&self, keys: &[Key<'_>]) -> bool {
        match (keys.get(self.field()), &self.value) {
            (Some(Key::Integer(actual)), Value::Integer(wanted)) => actual == wanted,
            (Some(Key::Word(actual)), Value::Word { len, bytes }) => {
                actual.as_bytes() == &bytes[..usize::from(*len)]
            }
            _ => false,
        }
    }
}
#[derive(Debug)]
pub(crate) struct Index {
    len: usize,
    linear: bool,
}
impl Index {
    pub(crate) const EMPTY: Self = Self { len: 0, linear: true };
    pub(crate) fn build<'a>(
        guards: impl Iterator<Item = Option<&'a KeyGuard>> + Clone,
    ) -> Result<Self, InstallError> {
        Ok(Self { len: guards.clone().count(), linear: guards.clone().all(|g| g.is_none()) })
    }
    pub(crate) fn is_linear(&self) -> bool {
        self.linear
    }
    pub(crate) fn candidates(&self, _keys: &[Key<'_>]) -> core::ops::Range<usize> {
        0..self.len
    }
}
