//! The manifest: what a package says of its code, as views into the file.
//!
//! ```text
//! name version kind:u8 compiler sdk heap_pages:u32
//! imports:u16  { name symbol fingerprint:16 schema }*
//! rows:u16     { event fingerprint:16 schema role }*
//!
//! text = length:u16 bytes
//! role = 1:u8 order:u8 cancels:u8 asynchronous:u8 guard:u16 terms:u8 { field:u8 asked }*      a handler
//!      | 2:u8 | 3:u8 | 4:u8 | 5:u8                                                            default, result, guard, impose
//! order = 0 ordinary | 1 first | 2 last      guard = its row, or ffff      terms ascend by field
//! asked = 1:u8 value:u64 | 2:u8 word | 3:u8 from:u64 to:u64
//! ```
//!
//! *Not here.* A row (`row`), and whether rows go together (`table`).

use super::cursor::Cursor;
use super::row::unknown;
use super::table::Table;
use super::{
    Field, MAX_IDENTITY_BYTES, MAX_IMPORTS, MAX_NAME_BYTES, MAX_ROWS, MAX_SCHEMA_BYTES, MAX_SYMBOL_BYTES,
    PackageError, Reason, Row,
};
use crate::Fingerprint;

/// What the code of a package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A relocatable ELF object for x86_64. It runs as part of the kernel, so it must be signed.
    Native = 1,
    /// A WebAssembly module. The engine validates and meters it, so it is never signed.
    Wasm = 2,
}

/// What an extension asks to be allowed at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Pages of heap; 0 asks for what the loader gives by default.
    pub heap_pages: u32,
}

/// A procedure that the code calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Import<'a> {
    /// The procedure: `console.write_line`.
    pub name: &'a str,
    /// The undefined symbol in the object that stands for it: `spindle.console.write_line`.
    pub symbol: &'a str,
    /// Fingerprint of the schema that the code was compiled against.
    pub fingerprint: Fingerprint,
    /// That schema.
    pub schema: &'a str,
}

/// What a package says of its code.
#[derive(Clone, Copy, Debug)]
pub struct Manifest<'a> {
    /// Name of the extension: lower-case letters, digits, `-` and `_`, starting with a letter.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// What its code is.
    pub kind: Kind,
    /// The compiler that made it.
    pub compiler: &'a str,
    /// The version of the SDK it was made with.
    pub sdk: &'a str,
    /// What it asks to be allowed.
    pub quotas: Quotas,
    import_count: usize,
    row_count: usize,
    imports: Cursor<'a>,
    rows: Cursor<'a>,
}

impl<'a> Manifest<'a> {
    /// Reads and checks a whole manifest, which begins at byte `offset` of the file.
    pub(super) fn parse(part: &'a [u8], offset: usize) -> Result<Self, PackageError> {
        let mut cursor = Cursor::new(part, offset);
        let name = name(&mut cursor)?;
        let version = cursor.text(Field::Version, MAX_IDENTITY_BYTES)?;
        let kind = kind(&mut cursor)?;
        let compiler = cursor.text(Field::Compiler, MAX_IDENTITY_BYTES)?;
        let sdk = cursor.text(Field::Sdk, MAX_IDENTITY_BYTES)?;
        let quotas = Quotas { heap_pages: cursor.u32()? };
        let import_count = cursor.count(Field::Imports, MAX_IMPORTS)?;
        let imports = cursor;
        skip_imports(&mut cursor, import_count)?;
        let row_count = cursor.count(Field::Rows, MAX_ROWS)?;
        let rows = cursor;
        skip_rows(&mut cursor, row_count)?;
        nothing_left(&cursor, part.len())?;
        Ok(Manifest { name, version, kind, compiler, sdk, quotas, import_count, row_count, imports, rows })
    }

    /// The procedures that the code calls, ascending by symbol.
    pub fn imports(&self) -> impl ExactSizeIterator<Item = Import<'a>> + Clone + use<'a> {
        let mut cursor = self.imports;
        (0..self.import_count)
            .map(move |_| import(&mut cursor).expect("INV-PKG-2: parse has read this import"))
    }

    /// The rows of the code's handler table, in its order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'a>> + Clone + use<'a> {
        let mut cursor = self.rows;
        (0..self.row_count).map(move |_| Row::read(&mut cursor).expect("INV-PKG-2: parse has read this row"))
    }
}

fn name<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, PackageError> {
    let text_start = cursor.offset() + 2;
    let name = cursor.text(Field::Name, MAX_NAME_BYTES)?;
    let fits = |(at, byte): (usize, u8)| match byte {
        b'a'..=b'z' => true,
        b'0'..=b'9' | b'-' | b'_' => at > 0,
        _ => false,
    };
    match name.bytes().enumerate().find(|&pair| !fits(pair)) {
        Some((at, byte)) => {
            Err(PackageError { offset: text_start + at, reason: Reason::Text { field: Field::Name, byte } })
        }
        None => Ok(name),
    }
}

fn kind(cursor: &mut Cursor<'_>) -> Result<Kind, PackageError> {
    let offset = cursor.offset();
    match cursor.u8()? {
        1 => Ok(Kind::Native),
        2 => Ok(Kind::Wasm),
        value => Err(unknown(offset, Field::Kind, value)),
    }
}

fn skip_imports(cursor: &mut Cursor<'_>, count: usize) -> Result<(), PackageError> {
    let mut last = "";
    for index in 0..count {
        let offset = cursor.offset();
        let symbol = import(cursor)?.symbol;
        if symbol <= last {
            return Err(PackageError { offset, reason: Reason::Order { list: Field::Imports, index } });
        }
        last = symbol;
    }
    Ok(())
}

fn import<'a>(cursor: &mut Cursor<'a>) -> Result<Import<'a>, PackageError> {
    Ok(Import {
        name: cursor.text(Field::ImportName, MAX_SYMBOL_BYTES)?,
        symbol: cursor.text(Field::ImportSymbol, MAX_SYMBOL_BYTES)?,
        fingerprint: cursor.fingerprint()?,
        schema: cursor.text(Field::ImportSchema, MAX_SCHEMA_BYTES)?,
    })
}

/// Reads all rows, and checks whether they go together.
fn skip_rows(cursor: &mut Cursor<'_>, count: usize) -> Result<(), PackageError> {
    let (mut table, mut again) = (Table::EMPTY, *cursor);
    for index in 0..count {
        table.note(index, &Row::read(cursor)?);
    }
    for row in 0..count {
        let offset = again.offset();
        let found = table.check(row, &Row::read(&mut again)?);
        found.map_err(|why| PackageError { offset, reason: Reason::Row { row, why } })?;
    }
    Ok(())
}

fn nothing_left(cursor: &Cursor<'_>, length: usize) -> Result<(), PackageError> {
    if cursor.remaining() == 0 {
        return Ok(());
    }
    let (found, expected) = (length as u64, (length - cursor.remaining()) as u64);
    let reason = Reason::Value { field: Field::ManifestLength, found, expected };
    Err(PackageError { offset: cursor.offset(), reason })
}
