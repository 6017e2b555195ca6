//! Records: what an extension's object file or module says about itself to the packer, as text.
//!
//! *Concepts.* Lines in the section [`SECTION`]: of an object file a section without relocations and with alignment 1,
//! of a Wasm module a custom section; either way they lie end to end after linking. The macros write them; in another
//! language a human does. The packer turns them into a manifest; the kernel never reads them.
//!
//! ```text
//! extension hello 0.1.0 sdk 0.1.0                          name, version, and any text that says what built it
//! import fn console.write_line(line: &str)                 a procedure that may be called: its schema
//! handler 0 event clock.Tick(now_ns: u64)                  row 0 of the handler table: its role, the event's schema
//! handler 1 first cancel async guard 2 event net.Arrived(key port: u16, key to: u64)
//! where 1 port = 80..=90                                   what the handler in row 1 asks of a key field
//! where 1 to = 7
//! guard 2 event net.Arrived(key port: u16, key to: u64)
//! handler 3 event console.Command(key word: &str, arguments: &str) -> Status{code: u32}
//! where 3 word = "hello"
//! default 4 event EVENT                                    the other roles (see `crate::row`)
//! result 5 event EVENT
//! impose 6 event EVENT
//! # a comment
//! ```
//!
//! Lines come in any order: a linker need not keep theirs. Each ends with a line feed and has no other control character. A
//! word stands between the first `"` and the last of its line, as it is: nothing is escaped. Name and fingerprint of a procedure
//! or event follow from its schema. All *declared* imports of the linked interfaces appear; the packer keeps those that are used.
//!
//! *Interface.* [`Record`] writes a line in a constant, [`read`] reads lines, [`term`] brings a `where` line and its row together.

mod error;
mod reader;
#[cfg(test)]
mod tests;

use crate::text::Text;
use crate::{Asked, Declaration, Key, Options, Order, Role};

pub use error::{Reason, RecordError};
pub use reader::{Line, read, term};

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
    /// A row of the handler table, without its terms.
    Row {
        /// Its place in the table that the descriptor points to.
        index: u32,
        /// The event.
        event: &'a Declaration,
        /// What it is for.
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
            Self::Row { index, event, role } => {
                write_numbered(role.word(), index as u64, &mut text);
                if let Role::Handler(options) = role {
                    write_options(&options, &mut text);
                }
                write_all(&[" ", event.schema], &mut text);
            }
            Self::Where { index, field, asked } => {
                write_numbered("where", index as u64, &mut text);
                write_all(&[" ", field, " = "], &mut text);
                write_asked(asked, &mut text);
            }
            Self::Identity { name, version, sdk } => {
                write_all(&["extension ", name, " ", version, " sdk ", sdk], &mut text);
            }
        }
        text.byte(b'\n');
        text
    }
}

const fn write_numbered<const N: usize>(word: &str, number: u64, text: &mut Text<N>) {
    write_all(&[word, " "], text);
    text.decimal(number);
}

const fn write_options<const N: usize>(options: &Options<'_>, text: &mut Text<N>) {
    match options.order {
        Order::Ordinary => {}
        Order::First => text.str(" first"),
        Order::Last => text.str(" last"),
    }
    if options.cancels {
        text.str(" cancel");
    }
    if options.asynchronous {
        text.str(" async");
    }
    if let Some(guard) = options.guard {
        write_numbered(" guard", guard as u64, text);
    }
}

const fn write_asked<const N: usize>(asked: Asked<'_>, text: &mut Text<N>) {
    match asked {
        Asked::Equal(Key::Integer(value)) => text.decimal(value),
        Asked::Equal(Key::Word(word)) => {
            assert!(!has_control(word.as_bytes()), "a word key has no control characters");
            write_all(&["\"", word, "\""], text);
        }
        Asked::Range { from, to } => {
            text.decimal(from);
            text.str("..=");
            text.decimal(to);
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
