//! Which bytes are a value of a plain type: its size, and what of it a `bool`, `char` or enum forbids.
//!
//! *Not here.* Where the values lie (`crate::frame`): plain data has no padding, so a value is its parts in order.

use super::Schema;

impl Schema {
    /// Bytes of a value, the same on every target.
    ///
    /// # Panics
    /// If it speaks of a primitive that no [`AbiPlain`](crate::AbiPlain) type is; none that such a type names does.
    pub const fn size(&self) -> usize {
        match *self {
            Self::Primitive(name) => primitive_size(name),
            Self::Array { element, length } => element.size() * length,
            Self::Enum { repr, .. } => primitive_size(repr),
            Self::Struct { fields, .. } => {
                let (mut at, mut sum) = (0, 0);
                while at < fields.len() {
                    sum += fields[at].1.size();
                    at += 1;
                }
                sum
            }
        }
    }

    /// Whether every bit pattern of its size is a value, so that there is nothing to look at.
    pub const fn accepts_all(&self) -> bool {
        match *self {
            Self::Primitive(name) => !matches!(name.as_bytes(), b"bool" | b"char"),
            Self::Array { element, length } => length == 0 || element.accepts_all(),
            Self::Enum { .. } => false,
            Self::Struct { fields, .. } => {
                let mut at = 0;
                while at < fields.len() && fields[at].1.accepts_all() {
                    at += 1;
                }
                at == fields.len()
            }
        }
    }

    /// Whether `bytes` are a value of this type, in the little-endian layout that all targets share.
    ///
    /// Bytes that are not exactly [`Self::size`] are none. Time in proportion to the bytes, unless
    /// [`Self::accepts_all`].
    pub fn accepts(&self, bytes: &[u8]) -> bool {
        bytes.len() == self.size() && (self.accepts_all() || self.accepts_parts(bytes))
    }

    /// As [`Self::accepts`], for bytes of the right length.
    fn accepts_parts(&self, bytes: &[u8]) -> bool {
        match *self {
            Self::Primitive("bool") => bytes[0] <= 1,
            Self::Primitive("char") => {
                u32::try_from(integer("u32", bytes)).is_ok_and(|code| char::from_u32(code).is_some())
            }
            Self::Primitive(_) => true,
            Self::Array { element, length } => (0..length).map(|_| element).all(parts_of(bytes)),
            Self::Struct { fields, .. } => fields.iter().map(|(_, field)| *field).all(parts_of(bytes)),
            Self::Enum { repr, variants, .. } => {
                let value = integer(repr, bytes);
                variants.iter().any(|(_, variant)| *variant == value)
            }
        }
    }
}

/// Takes the next part's bytes off the front of `rest` and says whether they are a value of it.
fn parts_of(mut rest: &[u8]) -> impl FnMut(&'static Schema) -> bool {
    move |part| {
        let Some((bytes, after)) = rest.split_at_checked(part.size()) else { return false };
        rest = after;
        part.accepts(bytes)
    }
}

/// The value of an integer of type `repr` up to 64 bits.
fn integer(repr: &str, bytes: &[u8]) -> i128 {
    let unsigned = bytes.iter().rev().fold(0, |value, byte| value << 8 | i128::from(*byte));
    let bits = 8 * bytes.len() as u32;
    match repr.starts_with('i') && unsigned >> (bits - 1) != 0 {
        true => unsigned - (1 << bits),
        false => unsigned,
    }
}

const fn primitive_size(name: &str) -> usize {
    match name.as_bytes() {
        b"u8" | b"i8" | b"bool" => 1,
        b"u16" | b"i16" => 2,
        b"u32" | b"i32" | b"f32" | b"char" => 4,
        b"u64" | b"i64" | b"f64" => 8,
        b"u128" | b"i128" => 16,
        _ => panic!("a schema names a primitive that is not plain data"),
    }
}

#[cfg(test)]
mod tests {
    use super::Schema;
    use crate::AbiPlain;

    const MODE: Schema = Schema::Enum { name: "Mode", repr: "i16", variants: &[("Back", -2), ("Fast", 300)] };
    const PAIR: Schema =
        Schema::Struct { name: "Pair", fields: &[("mode", &MODE), ("on", <[bool; 2]>::SCHEMA)] };

    #[test]
    fn sizes_are_those_of_the_types() {
        assert_eq!((u128::SCHEMA.size(), <[char; 3]>::SCHEMA.size(), PAIR.size()), (16, 12, 4));
        assert_eq!(<[bool; 0]>::SCHEMA.size(), 0);
    }

    #[test]
    fn a_bool_is_zero_or_one() {
        assert!(bool::SCHEMA.accepts(&[0]) && bool::SCHEMA.accepts(&[1]));
        assert!(!bool::SCHEMA.accepts(&[2]) && !bool::SCHEMA.accepts(&[]) && !bool::SCHEMA.accepts(&[0, 0]));
    }

    #[test]
    fn a_char_is_no_surrogate_and_not_beyond_the_last() {
        let accepts = |code: u32| char::SCHEMA.accepts(&code.to_le_bytes());
        assert!(accepts(0xd7ff) && accepts(0x10_ffff));
        assert!(!accepts(0xd800) && !accepts(0xdfff) && !accepts(0x11_0000) && !accepts(u32::MAX));
    }

    #[test]
    fn an_enum_has_its_variants_alone_and_their_sign() {
        let accepts = |value: i16| MODE.accepts(&value.to_le_bytes());
        assert!(accepts(-2) && accepts(300));
        assert!(!accepts(2) && !accepts(0) && !accepts(44));
    }

    #[test]
    fn every_part_is_looked_at() {
        assert!(PAIR.accepts(&[44, 1, 0, 1]));
        assert!(!PAIR.accepts(&[44, 1, 0, 2]) && !PAIR.accepts(&[44, 0, 0, 1]));
    }

    #[test]
    fn integers_and_floats_are_not_looked_at() {
        assert!(
            <[u64; 4]>::SCHEMA.accepts_all()
                && f64::SCHEMA.accepts_all()
                && <[bool; 0]>::SCHEMA.accepts_all()
        );
        assert!(!PAIR.accepts_all() && !<[char; 1]>::SCHEMA.accepts_all());
        assert!(<[u64; 4]>::SCHEMA.accepts(&[0xff; 32]) && <[bool; 0]>::SCHEMA.accepts(&[]));
    }
}
