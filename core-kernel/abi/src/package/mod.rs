//! The package file: one extension, its manifest, and the signature over both.
//!
//! ```text
//! 0        magic "SPINDLE\0"
//! 8  u32   format version            all integers little-endian
//! 12 u32   length of the whole file
//! 16 u32   manifest offset   20 u32 manifest length
//! 24 u32   code offset       28 u32 code length
//! 32       manifest | zeros to a multiple of 16 | code | zeros to a multiple of 16
//! end-80   fingerprint of the signer's public key (16 bytes; zero = unsigned, as Wasm always is)
//! end-64   ed25519 signature of everything before it (of Wasm: zeros)
//! ```
//! *Concepts.* A [`Package`] is a file whose every offset, count and text has been checked; it may still be
//! anybody's. A [`Verified`] one was signed by a given key, and only such a package may be run natively. An
//! [`UnsignedWasm`] one is still anybody's, and may be given to the engine, which trusts nobody.
//!
//! *Interface.* To read, [`Package::parse`], then by its kind [`Package::verify`] or [`Package::unsigned_wasm`]; to write
//! (feature `alloc`), `pack`, then for native code `sign`.
//!
//! *Invariants.*
//! - INV-PKG-1: there is one way to write given contents: parts lie end to end in the order above, padding is
//!   zero, imports ascend by symbol and terms by field. So no byte is ignored, and of native code each one but the signature is signed.
//! - INV-PKG-2: [`Package::parse`] reads every byte of the manifest; what it accepted reads again without error.
//! - INV-PKG-3: texts are UTF-8 without control characters: they can be shown on a terminal as they are.
//! - INV-PKG-4: a Wasm package is never signed, and a [`Verified`] one never holds Wasm.
//!
//! *Not here.* The checks of the code (`kerncore::plan`), the arithmetic of the signature (`kerncore::signature`).

mod cursor;
mod error;
mod field;
mod key;
mod manifest;
mod reader;
mod row;
mod table;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "alloc", test))]
mod writer;

pub use error::{PackageError, Reason};
pub use field::Field;
pub use key::PublicKey;
pub use manifest::{Import, Kind, Manifest, Quotas};
pub use reader::{Package, SIGNATURE_BYTES, UnsignedWasm, Verified};
pub use row::Row;
pub use table::RowError;
#[cfg(any(feature = "alloc", test))]
pub use writer::{Contents, Unpacked, pack, sign};

/// The first eight bytes of every package.
pub const MAGIC: [u8; 8] = *b"SPINDLE\0";
/// The one format version that this crate reads and writes.
pub const FORMAT_VERSION: u32 = 2;
/// Largest package that is looked at: far above any native extension, far below the memory of a small machine.
pub const MAX_PACKAGE_BYTES: usize = 16 << 20;
/// Most imports one package may declare.
pub const MAX_IMPORTS: usize = 256;
/// Most rows that the handler table of one package may have.
pub const MAX_ROWS: usize = 256;
/// Longest name of an extension.
pub const MAX_NAME_BYTES: usize = 48;
/// Longest version, compiler or SDK identity.
pub const MAX_IDENTITY_BYTES: usize = 96;
/// Longest name of a procedure or event, and of its link symbol.
pub const MAX_SYMBOL_BYTES: usize = 128;
/// Longest canonical schema.
pub const MAX_SCHEMA_BYTES: usize = 4096;
const HEADER_BYTES: usize = 32;
const TRAILER_BYTES: usize = 16 + SIGNATURE_BYTES;
const PART_ALIGN: usize = 16;

const fn aligned(offset: usize) -> Option<usize> {
    offset.checked_next_multiple_of(PART_ALIGN)
}
