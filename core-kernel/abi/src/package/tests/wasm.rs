//! What a package of Wasm refuses: nobody signs it, so its form is all that the parser can hold on to.

extern crate std;

use std::string::ToString;
use std::vec::Vec;

use super::super::{Contents, Field, Kind, Package, PackageError, Reason, Unpacked, pack, sign};
use super::{IMPORTS, KEY, ROWS, check, checksum, contents};

const TRAILER_BYTES: usize = 80;

fn wasm() -> Vec<u8> {
    pack(&Contents { kind: Kind::Wasm, code: b"\0asm\x01\0\0\0", ..contents() }).unwrap()
}

#[test]
fn wasm_is_read_unsigned() {
    let file = wasm();
    let wasm = Package::parse(&file).unwrap().unsigned_wasm().unwrap();
    assert_eq!((wasm.manifest().name, wasm.manifest().kind), ("hello", Kind::Wasm));
    assert_eq!(wasm.manifest().imports().collect::<Vec<_>>(), IMPORTS);
    assert_eq!(wasm.manifest().rows().collect::<Vec<_>>(), ROWS);
    assert_eq!(wasm.module(), b"\0asm\x01\0\0\0");
}

#[test]
fn neither_kind_passes_for_the_other() {
    let (native, wasm) = (pack(&contents()).unwrap(), wasm());
    assert!(Package::parse(&native).unwrap().unsigned_wasm().is_none());
    let error = Package::parse(&wasm).unwrap().verify(&KEY, |_, _, _| true).unwrap_err();
    assert_eq!(error.reason, Reason::Unsigned);
    let error = Package::parse(&native).unwrap().verify(&KEY, check).unwrap_err();
    assert!(error.to_string().contains("`--wasm`"), "{error}");
}

#[test]
fn a_signature_on_wasm_is_refused_whoever_made_it() {
    let mut file = wasm();
    let reason = Reason::Value { field: Field::Kind, found: 2, expected: 1 };
    assert_eq!(sign(&mut file, &KEY, checksum).unwrap_err().reason, reason);
    let mut native = pack(&contents()).unwrap();
    sign(&mut native, &KEY, checksum).unwrap();
    let kind = native.windows(6).position(|six| six == b"0.1.0\x01").unwrap() + 5;
    native[kind] = Kind::Wasm as u8;
    let error = Package::parse(&native).unwrap_err();
    assert!(matches!(error.reason, Reason::SignedWasm { .. }), "{error}");
}

#[test]
fn any_byte_of_the_trailer_is_refused_where_it_is() {
    let file = wasm();
    for offset in file.len() - TRAILER_BYTES..file.len() {
        let mut changed = file.clone();
        changed[offset] = 9;
        let reason = Reason::SignedWasm { found: 9 };
        assert_eq!(Package::parse(&changed).unwrap_err(), PackageError { offset, reason });
    }
}

#[test]
fn wasm_cut_anywhere_is_refused_where_it_ends() {
    let file = wasm();
    for end in 1..file.len() {
        let error = Package::parse(&file[..end]).unwrap_err();
        assert!(
            matches!(error.reason, Reason::Truncated { present, .. } if present == end),
            "{end}: {error}"
        );
    }
}

#[test]
fn a_flipped_bit_is_refused_or_says_what_it_says() {
    let file = wasm();
    for bit in 0..file.len() * 8 {
        let mut flipped = file.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Ok(package) = Package::parse(&flipped) {
            assert_eq!(pack(&Unpacked::of(&package).contents()).unwrap(), flipped, "bit {bit}: INV-PKG-1");
        }
    }
}
