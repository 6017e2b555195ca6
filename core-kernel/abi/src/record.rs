//! Records: what an extension's object file says about itself to the packer.
//!
//! *Concepts.* Byte arrays in the section [`SECTION`], without relocations and with alignment 1, so that they
//! lie end to end after linking. The packer turns them into a manifest; the kernel never reads them.
//!
//! ```text
//! record    u32 total length | u8 kind | field ...        all little-endian; the length counts itself
//! field     u32 length | bytes
//! IMPORT    name | link symbol | fingerprint (16) | schema
//! HANDLER   index (u32) | event name | fingerprint (16) | schema | key
//! IDENTITY  name | version | sdk version
//! key       "" | "iFIELD:DECIMAL" | "wFIELD:WORD"
//! ```
//!
//! All *declared* imports of the linked interfaces appear; the packer keeps those whose link symbol is
//! undefined in the object.

use crate::text::Text;
use crate::{Declaration, Key};

/// The section that holds the records.
pub const SECTION: &str = ".note.spindle";
/// What the link symbol of a procedure starts with; its declared name follows.
pub const SYMBOL_PREFIX: &str = "spindle.";

/// Kind: a procedure that the extension may call.
pub const IMPORT: u8 = 1;
/// Kind: a row of the handler table.
pub const HANDLER: u8 = 2;
/// Kind: which extension this is.
pub const IDENTITY: u8 = 3;

/// What a record says.
#[derive(Clone, Copy, Debug)]
pub enum Record<'a> {
    /// See [`IMPORT`].
    Import {
        /// The procedure.
        declaration: &'a Declaration,
    },
    /// See [`HANDLER`].
    Handler {
        /// The row in the table that the descriptor points to.
        index: u32,
        /// The event.
        event: &'a Declaration,
        /// The key asked for.
        key: Option<(usize, Key<'a>)>,
    },
    /// See [`IDENTITY`].
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
    /// How many bytes the record has.
    pub const fn length(&self) -> usize {
        self.write::<0>(0).length()
    }

    /// The record's bytes; usable in constants.
    ///
    /// # Panics
    /// If `N` is not [`Self::length`].
    pub const fn bytes<const N: usize>(&self) -> [u8; N] {
        self.write::<N>(N as u32).finish()
    }

    const fn write<const N: usize>(&self, total: u32) -> Text<N> {
        let mut text = Text::new();
        text.bytes(&total.to_le_bytes());
        match *self {
            Self::Import { declaration } => write_import(declaration, &mut text),
            Self::Handler { index, event, key } => write_handler(index, event, key, &mut text),
            Self::Identity { name, version, sdk } => {
                text.byte(IDENTITY);
                write_field(name.as_bytes(), &mut text);
                write_field(version.as_bytes(), &mut text);
                write_field(sdk.as_bytes(), &mut text);
            }
        }
        text
    }
}

const fn write_import<const N: usize>(declaration: &Declaration, text: &mut Text<N>) {
    text.byte(IMPORT);
    write_field(declaration.name.as_bytes(), text);
    write_length(SYMBOL_PREFIX.len() + declaration.name.len(), text);
    text.str(SYMBOL_PREFIX);
    text.str(declaration.name);
    write_schema(declaration, text);
}

const fn write_handler<const N: usize>(
    index: u32,
    event: &Declaration,
    key: Option<(usize, Key<'_>)>,
    text: &mut Text<N>,
) {
    text.byte(HANDLER);
    write_field(&index.to_le_bytes(), text);
    write_field(event.name.as_bytes(), text);
    write_schema(event, text);
    let mut counted = Text::<0>::new();
    write_key(key, &mut counted);
    write_length(counted.length(), text);
    write_key(key, text);
}

const fn write_key<const N: usize>(key: Option<(usize, Key<'_>)>, text: &mut Text<N>) {
    let Some((field, key)) = key else { return };
    text.byte(match key {
        Key::Integer(_) => b'i',
        Key::Word(_) => b'w',
    });
    text.decimal(field as u64);
    text.byte(b':');
    match key {
        Key::Integer(value) => text.decimal(value),
        Key::Word(word) => text.str(word),
    }
}

const fn write_schema<const N: usize>(declaration: &Declaration, text: &mut Text<N>) {
    write_field(&declaration.fingerprint.0, text);
    write_field(declaration.schema.as_bytes(), text);
}

const fn write_field<const N: usize>(bytes: &[u8], text: &mut Text<N>) {
    write_length(bytes.len(), text);
    text.bytes(bytes);
}

const fn write_length<const N: usize>(length: usize, text: &mut Text<N>) {
    text.bytes(&(length as u32).to_le_bytes());
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::{HANDLER, IMPORT, Record};
    use crate::{Declaration, Key};

    const DECLARATION: Declaration = Declaration::new("clock.now", "fn clock.now() -> u64");

    /// Kind and fields, read as the page above describes them.
    fn read(bytes: &[u8]) -> (u8, Vec<&[u8]>) {
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(word(0), bytes.len());
        let (mut at, mut fields) = (5, Vec::new());
        while at < bytes.len() {
            fields.push(&bytes[at + 4..at + 4 + word(at)]);
            at += 4 + word(at);
        }
        (bytes[4], fields)
    }

    #[test]
    fn an_import_names_its_link_symbol() {
        const RECORD: Record<'_> = Record::Import { declaration: &DECLARATION };
        let bytes: [u8; RECORD.length()] = RECORD.bytes();
        let (kind, fields) = read(&bytes);
        assert_eq!(kind, IMPORT);
        let expected: [&[u8]; 4] =
            [b"clock.now", b"spindle.clock.now", &DECLARATION.fingerprint.0, b"fn clock.now() -> u64"];
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_handler_writes_its_key_after_the_field() {
        const RECORD: Record<'_> =
            Record::Handler { index: 3, event: &DECLARATION, key: Some((1, Key::Word("hello"))) };
        let bytes: [u8; RECORD.length()] = RECORD.bytes();
        let (kind, fields) = read(&bytes);
        assert_eq!((kind, fields[0], fields[4]), (HANDLER, &3u32.to_le_bytes()[..], &b"w1:hello"[..]));
    }
}
