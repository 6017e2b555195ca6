//! Records: what an extension's object file or module says about itself to the packer, as text.
//!
//! *Concepts.* Lines in the section [`SECTION`]: of an object file a section without relocations and with alignment 1,
//! of a Wasm module a custom section; either way they lie end to end after linking. The macros write them; in another
//! language a human does. The packer turns them into a manifest; the kernel never reads them.
//!
//! ```text
//! extension hello 0.1.0 sdk 0.1.0                          name, version, and any text that says what built it
//! import fn console.write_line(line: &str)                 a procedure that may be called: its schema
//! handler 0 event clock.Tick(now_ns: u64)                  row of the handler table, and the event's schema
//! handler 1 event console.Command(key word: &str, arguments: &str) -> Status{code: u32} where word = "hello"
//! handler 2 event net.Arrived(key port: u16) where port = 7
//! # a comment
//! ```
//!
//! Each line ends with a line feed and has no other control character. A word stands between the first `"` and the
//! last of its line, as it is: nothing is escaped. Name and fingerprint of a procedure or event follow from its schema. All *declared* imports
//! of the linked interfaces appear; the packer keeps those that are used.
//!
//! *Interface.* [`Record`] writes a line in a constant, [`read`] reads lines.

mod error;
mod reader;
#[cfg(test)]
mod tests;

use crate::text::Text;
use crate::{Declaration, Key, KeyField};

pub use error::{Reason, RecordError};
pub use reader::{Line, read};

/// The section that holds the records.
pub const SECTION: &str = ".note.spindle";
/// What the link symbol of a procedure starts with in native code; its declared name follows.
pub const SYMBOL_PREFIX: &str = "spindle.";

/// What a line says.
#[derive(Clone, Copy, Debug)]
pub enum Record<'a> {
    /// A procedure that the extension may call.
    Import {
        /// The procedure.
        declaration: &'a Declaration,
    },
    /// A row of the handler table.
    Handler {
        /// The row in the table that the descriptor points to.
        index: u32,
        /// The event.
        event: &'a Declaration,
        /// The event's key fields.
        keys: &'a [KeyField],
        /// The key asked for: an index into `keys`, and the value.
        key: Option<(usize, Key<'a>)>,
    },
    /// Which extension this is.
    Identity {
        /// The name of the extension's crate.
        name: &'a str,
        /// Its version.
        version: &'a str,
        /// The version of the SDK that it was built with.
        sdk: &'a str,
    },
}

impl Record<'_> {
    /// How many bytes the line has.
    pub const fn length(&self) -> usize {
        self.write::<0>().length()
    }

    /// The line's bytes; usable in constants.
    ///
    /// # Panics
    /// If `N` is not [`Self::length`], or a word key has a control character.
    pub const fn bytes<const N: usize>(&self) -> [u8; N] {
        self.write::<N>().finish()
    }

    const fn write<const N: usize>(&self) -> Text<N> {
        let mut text = Text::new();
        match *self {
            Self::Import { declaration } => write_all(&["import ", declaration.schema], &mut text),
            Self::Handler { index, event, keys, key } => {
                text.str("handler ");
                text.decimal(index as u64);
                write_all(&[" ", event.schema], &mut text);
                write_key(keys, key, &mut text);
            }
            Self::Identity { name, version, sdk } => {
                write_all(&["extension ", name, " ", version, " sdk ", sdk], &mut text);
            }
        }
        text.byte(b'\n');
        text
    }
}

const fn write_key<const N: usize>(keys: &[KeyField], key: Option<(usize, Key<'_>)>, text: &mut Text<N>) {
    let Some((field, key)) = key else { return };
    write_all(&[" where ", keys[field].name, " = "], text);
    match key {
        Key::Integer(value) => text.decimal(value),
        Key::Word(word) => {
            assert!(!has_control(word.as_bytes()), "a word key has no control characters");
            write_all(&["\"", word, "\""], text);
        }
    }
}

const fn write_all<const N: usize>(parts: &[&str], text: &mut Text<N>) {
    let mut at = 0;
    while at < parts.len() {
        text.str(parts[at]);
        at += 1;
    }
}

const fn has_control(bytes: &[u8]) -> bool {
    let mut at = 0;
    while at < bytes.len() && !bytes[at].is_ascii_control() {
        at += 1;
    }
    at < bytes.len()
}
