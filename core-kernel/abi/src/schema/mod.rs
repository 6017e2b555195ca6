//! Schemas: the canonical text of a declaration, built in constants from the types it names.
//!
//! *Concepts.* `interface!` sees tokens, not types, so it hands over [`Part`]s: literal text, and the
//! [`Schema`] of each type by way of [`AbiPlain::SCHEMA`](crate::AbiPlain::SCHEMA). The text says names and
//! types, recursively, and never a size or an offset, because those differ between targets.
//!
//! ```text
//! fn console.write_line(line: &str)
//! fn runtime.grow_heap(pages: u64) -> HeapSpan{start: u64, bytes: u64}
//! event console.Command(key word: &str, arguments: &str) -> Status{code: u32}
//! Mode(u8){Slow = 0, Fast = 1}                                    an enum
//! [u8; 6]                                                         an array
//! ```
//!
//! *Interface.* [`declaration!`](crate::declaration!) turns parts into a constant. [`Schema::accepts`] says whether bytes
//! are a value of the type (its page is `schema::validity`).

mod validity;

use crate::text::Text;

/// The shape of one [`AbiPlain`](crate::AbiPlain) type.
#[derive(Clone, Copy, Debug)]
pub enum Schema {
    /// A primitive, by its Rust name.
    Primitive(&'static str),
    /// An array of `length` elements.
    Array {
        /// What each element is.
        element: &'static Schema,
        /// How many there are.
        length: usize,
    },
    /// A struct: its name and fields in order.
    Struct {
        /// The name of the struct, without its path.
        name: &'static str,
        /// Name and schema of each field.
        fields: &'static [(&'static str, &'static Schema)],
    },
    /// An enum without data: its name, integer type and variants in order.
    Enum {
        /// The name of the enum, without its path.
        name: &'static str,
        /// The integer type of its `repr`.
        repr: &'static str,
        /// Name and value of each variant.
        variants: &'static [(&'static str, i128)],
    },
}

/// A piece of a declaration's schema text.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// Text as it stands.
    Text(&'static str),
    /// A type, written out.
    Type(&'static Schema),
}

/// How many bytes the text of `parts` has.
pub const fn length(parts: &[Part]) -> usize {
    write::<0>(parts).length()
}

/// The text of `parts`.
///
/// # Panics
/// If `N` is not [`length`] of the same parts.
pub const fn render<const N: usize>(parts: &[Part]) -> [u8; N] {
    write::<N>(parts).finish()
}

/// Reads rendered bytes as text.
///
/// # Panics
/// If the bytes are not UTF-8, which what [`render`] returns always is.
pub const fn as_text(bytes: &[u8]) -> &str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("a rendered schema is UTF-8"),
    }
}

const fn write<const N: usize>(parts: &[Part]) -> Text<N> {
    let mut text = Text::new();
    let mut at = 0;
    while at < parts.len() {
        match parts[at] {
            Part::Text(part) => text.str(part),
            Part::Type(schema) => schema.write(&mut text),
        }
        at += 1;
    }
    text
}

impl Schema {
    const fn write<const N: usize>(&self, text: &mut Text<N>) {
        match *self {
            Self::Primitive(name) => text.str(name),
            Self::Array { element, length } => write_array(element, length, text),
            Self::Struct { name, fields } => write_struct(name, fields, text),
            Self::Enum { name, repr, variants } => write_enum(name, repr, variants, text),
        }
    }
}

const fn write_array<const N: usize>(element: &Schema, length: usize, text: &mut Text<N>) {
    text.byte(b'[');
    element.write(text);
    text.str("; ");
    text.decimal(length as u64);
    text.byte(b']');
}

const fn write_struct<const N: usize>(name: &str, fields: &[(&str, &Schema)], text: &mut Text<N>) {
    text.str(name);
    text.byte(b'{');
    let mut at = 0;
    while at < fields.len() {
        write_separator(at, text);
        text.str(fields[at].0);
        text.str(": ");
        fields[at].1.write(text);
        at += 1;
    }
    text.byte(b'}');
}

const fn write_enum<const N: usize>(name: &str, repr: &str, variants: &[(&str, i128)], text: &mut Text<N>) {
    text.str(name);
    text.byte(b'(');
    text.str(repr);
    text.str("){");
    let mut at = 0;
    while at < variants.len() {
        write_separator(at, text);
        text.str(variants[at].0);
        text.str(" = ");
        text.signed(variants[at].1);
        at += 1;
    }
    text.byte(b'}');
}

const fn write_separator<const N: usize>(at: usize, text: &mut Text<N>) {
    if at > 0 {
        text.str(", ");
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, Schema};
    use crate::{AbiPlain, Declaration, Fingerprint, Status};

    const ADDRESS: Schema = Schema::Struct { name: "Address", fields: &[("octets", <[u8; 6]>::SCHEMA)] };
    const MODE: Schema = Schema::Enum { name: "Mode", repr: "i8", variants: &[("Slow", -1), ("Fast", 10)] };
    const DECLARATION: Declaration = crate::declaration!(
        "net.Sent",
        &[
            Part::Text("event net.Sent(to: &"),
            Part::Type(&ADDRESS),
            Part::Text(", mode: "),
            Part::Type(&MODE),
            Part::Text(") -> "),
            Part::Type(Status::SCHEMA)
        ]
    );

    #[test]
    fn types_are_written_out_recursively_in_a_constant() {
        let text = "event net.Sent(to: &Address{octets: [u8; 6]}, mode: Mode(i8){Slow = -1, Fast = 10}) \
                    -> Status{code: u32}";
        assert_eq!(DECLARATION.schema, text);
        assert_eq!(DECLARATION.fingerprint, Fingerprint::of(text));
    }
}
