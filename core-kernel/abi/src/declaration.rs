//! A declaration: what both sides of a boundary know about one procedure or event.

use crate::Fingerprint;

/// One procedure or event of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Interface and item, for example `console.write_line`.
    pub name: &'static str,
    /// The canonical schema text: names and types, recursively, never layout (see [`crate::schema`]).
    pub schema: &'static str,
    /// The fingerprint of `schema`.
    pub fingerprint: Fingerprint,
}

impl Declaration {
    /// Makes the declaration of `name` from its schema text; usable in constants.
    pub const fn new(name: &'static str, schema: &'static str) -> Self {
        Self { name, schema, fingerprint: Fingerprint::of(schema) }
    }
}

/// Makes a [`Declaration`] constant from a name and the [`Part`](crate::schema::Part)s of its schema text.
#[macro_export]
macro_rules! declaration {
    ($name:expr, $parts:expr) => {{
        const PARTS: &[$crate::schema::Part] = $parts;
        const TEXT: [u8; $crate::schema::length(PARTS)] = $crate::schema::render(PARTS);
        const SCHEMA: &str = $crate::schema::as_text(&TEXT);
        $crate::Declaration::new($name, SCHEMA)
    }};
}
