//! What a package refuses, byte by byte.

extern crate std;

use std::string::ToString;
use std::vec::Vec;
use std::{format, vec};

mod rows;
mod wasm;

use super::{
    Contents, Field, Import, Kind, MAX_PACKAGE_BYTES, Package, PackageError, PublicKey, Quotas, Reason, pack,
    sign,
};
use crate::Fingerprint;
use rows::ROWS;

const KEY: PublicKey = PublicKey([7; 32]);
const IMPORTS: &[Import<'_>] = &[
    Import {
        name: "clock.now",
        symbol: "spindle.clock.now",
        fingerprint: Fingerprint::of("fn clock.now() -> u64"),
        schema: "fn clock.now() -> u64",
    },
    Import {
        name: "console.write_line",
        symbol: "spindle.console.write_line",
        fingerprint: Fingerprint::of("fn console.write_line(line: &str)"),
        schema: "fn console.write_line(line: &str)",
    },
];

fn contents() -> Contents<'static> {
    Contents {
        name: "hello",
        version: "0.1.0",
        kind: Kind::Native,
        compiler: "rustc 1.96.0",
        sdk: "0.1.0",
        quotas: Quotas { heap_pages: 16 },
        imports: IMPORTS,
        rows: ROWS,
        code: b"some code, 23 bytes long",
    }
}

/// A signature for tests: what counts here is which bytes it is asked about.
fn checksum(bytes: &[u8]) -> [u8; 64] {
    let mut sum = [0; 64];
    for (half, salt) in sum.chunks_exact_mut(16).zip(0u8..) {
        let text: Vec<u8> =
            bytes.iter().flat_map(|byte| [byte & 15 | 64, byte >> 4 | 64]).chain([salt | 64]).collect();
        half.copy_from_slice(&Fingerprint::of(core::str::from_utf8(&text).unwrap()).0);
    }
    sum
}

fn check(_: &PublicKey, bytes: &[u8], signature: &[u8; 64]) -> bool {
    checksum(bytes) == *signature
}

fn signed() -> Vec<u8> {
    let mut file = pack(&contents()).unwrap();
    sign(&mut file, &KEY, checksum).unwrap();
    file
}

fn accept(file: &[u8]) -> Result<(), PackageError> {
    Package::parse(file)?.verify(&KEY, check).map(drop)
}

#[test]
fn what_is_written_is_read() {
    let file = signed();
    let package = Package::parse(&file).unwrap();
    let manifest = package.manifest();
    assert_eq!((manifest.name, manifest.version, manifest.kind), ("hello", "0.1.0", Kind::Native));
    assert_eq!((manifest.compiler, manifest.sdk, manifest.quotas.heap_pages), ("rustc 1.96.0", "0.1.0", 16));
    assert_eq!(manifest.imports().collect::<Vec<_>>(), IMPORTS);
    assert_eq!(manifest.rows().collect::<Vec<_>>(), ROWS);
    let verified = package.verify(&KEY, check).unwrap();
    assert_eq!((verified.code(), verified.signer()), (&b"some code, 23 bytes long"[..], KEY.fingerprint()));
}

#[test]
fn a_package_cut_anywhere_is_refused_where_it_ends() {
    let file = signed();
    assert_eq!(Package::parse(&[]).unwrap_err(), PackageError { offset: 0, reason: Reason::Empty });
    for end in 1..file.len() {
        let error = Package::parse(&file[..end]).unwrap_err();
        let Reason::Truncated { needed, present } = error.reason else { panic!("{end}: {error}") };
        assert_eq!((error.offset, present), (end, end));
        assert!(needed > end && needed <= file.len());
    }
}

#[test]
fn every_flipped_bit_is_refused() {
    let file = signed();
    accept(&file).unwrap();
    for bit in 0..file.len() * 8 {
        let mut flipped = file.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let error = accept(&flipped).expect_err(&format!("bit {bit}"));
        assert!(error.offset <= file.len(), "{error}");
        assert!(!error.to_string().is_empty());
    }
}

#[test]
fn any_value_of_any_length_field_is_refused_without_overflow() {
    let file = signed();
    for offset in (8..32).step_by(4) {
        for value in [0, 1, 31, 32, 33, 1 << 16, 1 << 31, u32::MAX - 15, u32::MAX - 1, u32::MAX] {
            let mut changed = file.clone();
            changed[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
            if changed != file {
                accept(&changed).expect_err(&format!("{value} at {offset}"));
            }
        }
    }
}

#[test]
fn the_limit_of_the_length_comes_first() {
    let huge = vec![0; 64 << 20];
    let error = Package::parse(&huge).unwrap_err();
    assert_eq!(error.reason, Reason::TooLarge { length: 64 << 20 });
    assert!(error.to_string().contains(&MAX_PACKAGE_BYTES.to_string()));
    assert_eq!(
        pack(&Contents { code: &huge, ..contents() }).unwrap_err().reason,
        Reason::TooLarge { length: 64 << 20 }
    );
}

#[test]
fn bytes_after_the_end_are_refused() {
    let mut file = signed();
    let (found, expected) = (file.len() as u64, file.len() as u64 + 1);
    file.push(0);
    let reason = Reason::Value { field: Field::FileLength, found, expected };
    assert_eq!(Package::parse(&file).unwrap_err(), PackageError { offset: 12, reason });
}

#[test]
fn another_kind_of_file_is_told_from_a_package() {
    let elf = [b"\x7fELF\x02\x01\x01\0".as_slice(), &[0; 200]].concat();
    assert_eq!(Package::parse(&elf).unwrap_err().reason, Reason::Magic { found: *b"\x7fELF\x02\x01\x01\0" });
    let mut newer = signed();
    newer[8] = 3;
    assert_eq!(Package::parse(&newer).unwrap_err().reason, Reason::Version { found: 3 });
}

#[test]
fn the_signature_is_asked_for_and_its_key_is_named() {
    let unsigned = pack(&contents()).unwrap();
    assert_eq!(accept(&unsigned).unwrap_err().reason, Reason::Unsigned);
    let mut other = unsigned.clone();
    let stranger = PublicKey([8; 32]);
    sign(&mut other, &stranger, checksum).unwrap();
    let error = accept(&other).unwrap_err();
    assert_eq!(error.reason, Reason::OtherKey { signer: stranger.fingerprint(), trusted: KEY.fingerprint() });
    assert!(error.to_string().contains(&stranger.fingerprint().to_string()));
    let mut altered = signed();
    let code = altered.windows(4).position(|four| four == b"some").unwrap();
    altered[code] = b'S';
    assert_eq!(accept(&altered).unwrap_err().reason, Reason::Altered { signer: KEY.fingerprint() });
}

#[test]
fn texts_that_would_upset_a_terminal_are_refused() {
    let refused = |contents: Contents<'_>| pack(&contents).unwrap_err().reason;
    let text = |field, byte| Reason::Text { field, byte };
    assert_eq!(refused(Contents { name: "Hello", ..contents() }), text(Field::Name, b'H'));
    assert_eq!(refused(Contents { name: "he/llo", ..contents() }), text(Field::Name, b'/'));
    assert_eq!(refused(Contents { version: "1\x1b[2J", ..contents() }), text(Field::Version, 0x1b));
    assert_eq!(refused(Contents { compiler: "", ..contents() }), Reason::Missing { field: Field::Compiler });
    let mut bytes = pack(&contents()).unwrap();
    let schema = bytes.windows(3).position(|three| three == b"fn ").unwrap();
    bytes[schema] = 0xff;
    assert_eq!(Package::parse(&bytes).unwrap_err().offset, schema);
}

#[test]
fn lists_have_limits_and_imports_an_order() {
    let long = "x".repeat(5000);
    let mut import = IMPORTS[0];
    import.schema = &long;
    let refused = |imports: &[Import<'_>]| pack(&Contents { imports, ..contents() }).unwrap_err().reason;
    assert_eq!(
        refused(&[import]),
        Reason::TooLong { field: Field::ImportSchema, length: 5000, limit: super::MAX_SCHEMA_BYTES }
    );
    let order = Reason::Order { list: Field::Imports, index: 1 };
    assert_eq!(refused(&[IMPORTS[1], IMPORTS[0]]), order);
    assert_eq!(refused(&[IMPORTS[0], IMPORTS[0]]), order);
    assert_eq!(
        refused(&vec![IMPORTS[0]; 257]),
        Reason::TooLong { field: Field::Imports, length: 257, limit: super::MAX_IMPORTS }
    );
}

#[test]
fn a_key_is_read_from_its_digits() {
    let digits = "00ff".repeat(16);
    let key = PublicKey::from_hex(&digits).unwrap();
    assert_eq!(&key.0[..3], &[0, 0xff, 0]);
    assert_eq!(PublicKey::from_hex(&digits[1..]), None);
    assert_eq!(PublicKey::from_hex(&digits.replace('f', "g")), None);
}
