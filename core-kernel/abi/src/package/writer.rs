//! Writing a package: contents to bytes, then a signature over them, in two steps.

extern crate alloc;

use alloc::vec::Vec;

use super::{
    FORMAT_VERSION, Field, HEADER_BYTES, Import, Kind, MAGIC, MAX_PACKAGE_BYTES, Manifest, PART_ALIGN,
    Package, PackageError, PublicKey, Quotas, Reason, Row, SIGNATURE_BYTES, TRAILER_BYTES,
};
use crate::package::row::{NO_GUARD, role_code};
use crate::{Asked, Key, Options, Order, Role};

/// What goes into a package.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    /// Name of the extension.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// What the code is.
    pub kind: Kind,
    /// The compiler that made the code.
    pub compiler: &'a str,
    /// The version of the SDK.
    pub sdk: &'a str,
    /// What the extension asks to be allowed.
    pub quotas: Quotas,
    /// The procedures it calls, ascending by symbol.
    pub imports: &'a [Import<'a>],
    /// The rows of its handler table, in order.
    pub rows: &'a [Row<'a>],
    /// The code.
    pub code: &'a [u8],
}

/// A package taken apart, to be changed and packed again.
#[derive(Clone, Debug)]
pub struct Unpacked<'a> {
    /// What it says of itself besides its lists.
    pub manifest: Manifest<'a>,
    /// The procedures that it calls.
    pub imports: Vec<Import<'a>>,
    /// The rows of its handler table.
    pub rows: Vec<Row<'a>>,
    /// The code.
    pub code: &'a [u8],
}

impl<'a> Unpacked<'a> {
    /// Takes `package` apart.
    pub fn of(package: &Package<'a>) -> Self {
        let manifest = *package.manifest();
        let (imports, rows) = (manifest.imports().collect(), manifest.rows().collect());
        Self { manifest, imports, rows, code: package.code() }
    }

    /// What goes into the package again.
    pub fn contents(&self) -> Contents<'_> {
        let Manifest { name, version, kind, compiler, sdk, quotas, .. } = self.manifest;
        let Self { imports, rows, code, .. } = self;
        Contents { name, version, kind, compiler, sdk, quotas, imports, rows, code }
    }
}

/// Writes an unsigned package: of Wasm a finished one, of native code one that still has to be signed.
///
/// # Errors
/// What [`Package::parse`] would refuse: a text too long or not printable, imports out of order, too large.
pub fn pack(contents: &Contents<'_>) -> Result<Vec<u8>, PackageError> {
    if contents.code.len() > MAX_PACKAGE_BYTES {
        let reason = Reason::TooLarge { length: contents.code.len() };
        return Err(PackageError { offset: MAX_PACKAGE_BYTES, reason });
    }
    let mut file = Vec::from([0; HEADER_BYTES]);
    manifest(&mut file, contents)?;
    let manifest_length = file.len() - HEADER_BYTES;
    pad(&mut file);
    let code_offset = file.len();
    file.extend_from_slice(contents.code);
    pad(&mut file);
    file.resize(file.len() + TRAILER_BYTES, 0);
    let length = file.len();
    file[..8].copy_from_slice(&MAGIC);
    let values = [length, HEADER_BYTES, manifest_length, code_offset, contents.code.len()];
    file[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
    for (place, value) in file[12..HEADER_BYTES].chunks_exact_mut(4).zip(values) {
        place.copy_from_slice(&(value as u32).to_le_bytes());
    }
    Package::parse(&file)?;
    Ok(file)
}

/// Signs a package in place with the key of which `key` is the public half; `signature` makes a signature of
/// the bytes that it is given. A signature that is there is replaced.
///
/// # Errors
/// What [`Package::parse`] refuses in `file`; [`Reason::Value`] if its code is Wasm, which is never signed.
pub fn sign<S>(file: &mut [u8], key: &PublicKey, signature: S) -> Result<(), PackageError>
where
    S: FnOnce(&[u8]) -> [u8; SIGNATURE_BYTES],
{
    native(&Package::parse(file)?, file.len())?;
    let (signed, place) = file.split_at_mut(file.len() - SIGNATURE_BYTES);
    let trailer = signed.len() - (TRAILER_BYTES - SIGNATURE_BYTES);
    signed[trailer..].copy_from_slice(&key.fingerprint().0);
    place.copy_from_slice(&signature(signed));
    Ok(())
}

/// Checks that the package may be signed at all (INV-PKG-4).
fn native(package: &Package<'_>, length: usize) -> Result<(), PackageError> {
    let (found, expected) = (package.manifest().kind as u64, Kind::Native as u64);
    if found == expected {
        return Ok(());
    }
    let reason = Reason::Value { field: Field::Kind, found, expected };
    Err(PackageError { offset: length - TRAILER_BYTES, reason })
}

fn manifest(file: &mut Vec<u8>, contents: &Contents<'_>) -> Result<(), PackageError> {
    text(file, Field::Name, contents.name)?;
    text(file, Field::Version, contents.version)?;
    file.push(contents.kind as u8);
    text(file, Field::Compiler, contents.compiler)?;
    text(file, Field::Sdk, contents.sdk)?;
    file.extend_from_slice(&contents.quotas.heap_pages.to_le_bytes());
    length(file, Field::Imports, contents.imports.len())?;
    for import in contents.imports {
        text(file, Field::ImportName, import.name)?;
        text(file, Field::ImportSymbol, import.symbol)?;
        file.extend_from_slice(&import.fingerprint.0);
        text(file, Field::ImportSchema, import.schema)?;
    }
    length(file, Field::Rows, contents.rows.len())?;
    contents.rows.iter().try_for_each(|row| write_row(file, row))
}

fn write_row(file: &mut Vec<u8>, row: &Row<'_>) -> Result<(), PackageError> {
    text(file, Field::RowEvent, row.event)?;
    file.extend_from_slice(&row.fingerprint.0);
    text(file, Field::RowSchema, row.schema)?;
    file.push(role_code(&row.role));
    match row.role {
        Role::Handler(options) => write_options(file, &options),
        Role::DefaultHandler | Role::ResultHandler | Role::Guard | Role::ImposedGuard => Ok(()),
    }
}

fn write_options(file: &mut Vec<u8>, options: &Options<'_>) -> Result<(), PackageError> {
    let order = match options.order {
        Order::Ordinary => 0,
        Order::First => 1,
        Order::Last => 2,
    };
    file.extend_from_slice(&[order, u8::from(options.cancels), u8::from(options.asynchronous)]);
    // A row beyond those that can be is one that is not there.
    let guard = options.guard.map_or(NO_GUARD, |row| u16::try_from(row).unwrap_or(NO_GUARD - 1));
    file.extend_from_slice(&guard.to_le_bytes());
    let terms = options.terms.as_slice();
    file.push(terms.len() as u8);
    terms.iter().try_for_each(|term| {
        file.push(u8::try_from(term.field).unwrap_or(u8::MAX));
        write_asked(file, term.asked)
    })
}

fn write_asked(file: &mut Vec<u8>, asked: Asked<'_>) -> Result<(), PackageError> {
    match asked {
        Asked::Equal(Key::Integer(value)) => {
            file.push(1);
            file.extend_from_slice(&value.to_le_bytes());
        }
        Asked::Equal(Key::Word(word)) => {
            file.push(2);
            text(file, Field::KeyWord, word)?;
        }
        Asked::Range { from, to } => {
            file.push(3);
            file.extend_from_slice(&from.to_le_bytes());
            file.extend_from_slice(&to.to_le_bytes());
        }
    }
    Ok(())
}

fn text(file: &mut Vec<u8>, field: Field, text: &str) -> Result<(), PackageError> {
    length(file, field, text.len())?;
    file.extend_from_slice(text.as_bytes());
    Ok(())
}

/// Writes a length; the tighter limit of each field is the reader's to check.
fn length(file: &mut Vec<u8>, field: Field, length: usize) -> Result<(), PackageError> {
    let limit = usize::from(u16::MAX);
    let Ok(short) = u16::try_from(length) else {
        return Err(PackageError { offset: file.len(), reason: Reason::TooLong { field, length, limit } });
    };
    file.extend_from_slice(&short.to_le_bytes());
    Ok(())
}

fn pad(file: &mut Vec<u8>) {
    file.resize(file.len().next_multiple_of(PART_ALIGN), 0);
}
