//! Reading a package: the header, the bounds of its parts, and who signed it.

use super::cursor::Cursor;
use super::{
    FORMAT_VERSION, Field, HEADER_BYTES, Kind, MAGIC, MAX_PACKAGE_BYTES, Manifest, PackageError, PublicKey,
    Reason, TRAILER_BYTES, aligned,
};
use crate::Fingerprint;

/// Bytes of an ed25519 signature.
pub const SIGNATURE_BYTES: usize = 64;

/// A file that is a package by its form. Whether its code may run, [`Package::verify`] says of native code and
/// [`Package::unsigned_wasm`] of Wasm.
#[derive(Clone, Copy, Debug)]
pub struct Package<'a> {
    file: &'a [u8],
    manifest: Manifest<'a>,
    code: &'a [u8],
}

impl<'a> Package<'a> {
    /// Reads a file and checks its form: every offset, count and text, and that nothing is left over.
    ///
    /// Takes time linear in the length of the manifest; allocates nothing.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse(file: &'a [u8]) -> Result<Self, PackageError> {
        whole(file)?;
        let header = Header::read(file)?;
        let manifest_end = HEADER_BYTES + header.manifest_length;
        zeros(file, manifest_end, header.code_offset)?;
        let code_end = header.code_offset + header.code_length;
        zeros(file, code_end, file.len() - TRAILER_BYTES)?;
        let manifest = Manifest::parse(&file[HEADER_BYTES..manifest_end], HEADER_BYTES)?;
        if manifest.kind == Kind::Wasm {
            unsigned(file)?;
        }
        Ok(Package { file, manifest, code: &file[header.code_offset..code_end] })
    }

    /// What the package says of its code.
    pub const fn manifest(&self) -> &Manifest<'a> {
        &self.manifest
    }

    /// The code of a package that may be anybody's: look at it, but do not run it.
    pub const fn code(&self) -> &'a [u8] {
        self.code
    }

    /// Everything that the signature speaks of: the file without its last [`SIGNATURE_BYTES`] bytes.
    pub fn signed_bytes(&self) -> &'a [u8] {
        &self.file[..self.file.len() - SIGNATURE_BYTES]
    }

    /// The signature; of no meaning in an unsigned package.
    pub fn signature(&self) -> [u8; SIGNATURE_BYTES] {
        let mut signature = [0; SIGNATURE_BYTES];
        signature.copy_from_slice(&self.file[self.file.len() - SIGNATURE_BYTES..]);
        signature
    }

    /// Fingerprint of the key that is said to have signed; `None` in an unsigned package.
    pub fn key_fingerprint(&self) -> Option<Fingerprint> {
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&self.file[self.file.len() - TRAILER_BYTES..][..16]);
        (fingerprint != [0; 16]).then_some(Fingerprint(fingerprint))
    }

    /// This package as one that needs no signature; `None` if its code is native, which [`Package::verify`] is for.
    pub fn unsigned_wasm(&self) -> Option<UnsignedWasm<'a>> {
        (self.manifest.kind == Kind::Wasm).then_some(UnsignedWasm { package: *self })
    }

    /// Asks whether `trusted` signed this package. `check` answers whether a signature of these bytes is by that key.
    ///
    /// # Errors
    /// [`Reason::Unsigned`] (also of every Wasm package), [`Reason::OtherKey`] or [`Reason::Altered`].
    pub fn verify<C>(&self, trusted: &PublicKey, check: C) -> Result<Verified<'a>, PackageError>
    where
        C: FnOnce(&PublicKey, &[u8], &[u8; SIGNATURE_BYTES]) -> bool,
    {
        let refuse = |reason| PackageError { offset: self.file.len() - TRAILER_BYTES, reason };
        let signer = self.key_fingerprint().ok_or_else(|| refuse(Reason::Unsigned))?;
        if signer != trusted.fingerprint() {
            return Err(refuse(Reason::OtherKey { signer, trusted: trusted.fingerprint() }));
        }
        if !check(trusted, self.signed_bytes(), &self.signature()) {
            return Err(refuse(Reason::Altered { signer }));
        }
        Ok(Verified { package: *self, signer })
    }
}

/// A package of native code that a trusted key signed: what may be run natively (INV-PKG-4).
#[derive(Clone, Copy, Debug)]
pub struct Verified<'a> {
    package: Package<'a>,
    signer: Fingerprint,
}

impl<'a> Verified<'a> {
    /// What the package says of its code.
    pub const fn manifest(&self) -> &Manifest<'a> {
        &self.package.manifest
    }

    /// The signed code.
    pub const fn code(&self) -> &'a [u8] {
        self.package.code
    }

    /// Fingerprint of the key that signed.
    pub const fn signer(&self) -> Fingerprint {
        self.signer
    }
}

/// A package of Wasm: anybody's, so its code goes to the engine, which validates it, and nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct UnsignedWasm<'a> {
    package: Package<'a>,
}

impl<'a> UnsignedWasm<'a> {
    /// What the package says of its code.
    pub const fn manifest(&self) -> &Manifest<'a> {
        &self.package.manifest
    }

    /// The module, not yet validated.
    pub const fn module(&self) -> &'a [u8] {
        self.package.code
    }
}

/// The header, its values found to be the only right ones (INV-PKG-1).
struct Header {
    manifest_length: usize,
    code_offset: usize,
    code_length: usize,
}

impl Header {
    fn read(file: &[u8]) -> Result<Header, PackageError> {
        let mut cursor = Cursor::new(&file[16..HEADER_BYTES], 16);
        expect(&mut cursor, Field::ManifestOffset, HEADER_BYTES)?;
        let room = file.len() - TRAILER_BYTES;
        let (manifest_length, manifest_end) = part(&mut cursor, Field::ManifestLength, HEADER_BYTES, room)?;
        expect(&mut cursor, Field::CodeOffset, manifest_end)?;
        let length_offset = cursor.offset();
        let (code_length, code_end) = part(&mut cursor, Field::CodeLength, manifest_end, room)?;
        if code_end != room {
            return Err(value(length_offset, Field::FileLength, file.len(), code_end + TRAILER_BYTES));
        }
        Ok(Header { manifest_length, code_offset: manifest_end, code_length })
    }
}

/// Magic, version and length: is this a package, and all of it?
fn whole(file: &[u8]) -> Result<(), PackageError> {
    let refuse = |offset, reason| Err(PackageError { offset, reason });
    if file.is_empty() {
        return refuse(0, Reason::Empty);
    }
    if file.len() > MAX_PACKAGE_BYTES {
        return refuse(MAX_PACKAGE_BYTES, Reason::TooLarge { length: file.len() });
    }
    let least = HEADER_BYTES + TRAILER_BYTES;
    let Some((found, rest)) = file.split_first_chunk::<8>().filter(|_| file.len() >= least) else {
        return refuse(file.len(), Reason::Truncated { needed: least, present: file.len() });
    };
    if *found != MAGIC {
        return refuse(0, Reason::Magic { found: *found });
    }
    let mut cursor = Cursor::new(rest, 8);
    let version = cursor.u32()?;
    if version != FORMAT_VERSION {
        return refuse(8, Reason::Version { found: version });
    }
    let length = cursor.u32()? as usize;
    if length > file.len() {
        return refuse(file.len(), Reason::Truncated { needed: length, present: file.len() });
    }
    if length < file.len() {
        return Err(value(12, Field::FileLength, length, file.len()));
    }
    Ok(())
}

/// Reads the length of a part that starts at `start`; also gives where the next part starts, at most `room`.
fn part(
    cursor: &mut Cursor<'_>,
    field: Field,
    start: usize,
    room: usize,
) -> Result<(usize, usize), PackageError> {
    let offset = cursor.offset();
    let length = cursor.u32()? as usize;
    let limit = room.saturating_sub(start);
    match start.checked_add(length).and_then(aligned).filter(|&end| end <= room) {
        Some(end) => Ok((length, end)),
        None => Err(PackageError { offset, reason: Reason::TooLong { field, length, limit } }),
    }
}

fn expect(cursor: &mut Cursor<'_>, field: Field, expected: usize) -> Result<(), PackageError> {
    let offset = cursor.offset();
    let found = cursor.u32()? as usize;
    if found == expected { Ok(()) } else { Err(value(offset, field, found, expected)) }
}

fn value(offset: usize, field: Field, found: usize, expected: usize) -> PackageError {
    PackageError { offset, reason: Reason::Value { field, found: found as u64, expected: expected as u64 } }
}

/// Checks that the trailer of a Wasm package names no key and holds no signature.
fn unsigned(file: &[u8]) -> Result<(), PackageError> {
    let start = file.len() - TRAILER_BYTES;
    match file[start..].iter().position(|&byte| byte != 0) {
        Some(at) => {
            let reason = Reason::SignedWasm { found: file[start + at] };
            Err(PackageError { offset: start + at, reason })
        }
        None => Ok(()),
    }
}

fn zeros(file: &[u8], start: usize, end: usize) -> Result<(), PackageError> {
    match file[start..end].iter().position(|&byte| byte != 0) {
        Some(at) => {
            Err(PackageError { offset: start + at, reason: Reason::Padding { found: file[start + at] } })
        }
        None => Ok(()),
    }
}
