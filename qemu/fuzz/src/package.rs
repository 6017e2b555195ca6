//! The package parser (`abi::package`).

use spindle_abi::package::{Kind, Package, PublicKey, Unpacked, pack};

const KEY: PublicKey = PublicKey([7; 32]);

/// Reads `file`; what is accepted packs again to the same bytes but for the signature (INV-PKG-1), and is of one kind.
///
/// # Panics
/// If one of that is not so.
pub fn check(file: &[u8]) {
    let package = match Package::parse(file) {
        Ok(package) => package,
        Err(error) => {
            assert!(error.offset <= file.len() && !error.to_string().is_empty(), "{error}");
            return;
        }
    };
    let unsigned = file.len() - 80;
    let repacked = pack(&Unpacked::of(&package).contents()).expect("INV-PKG-2: what was read can be written");
    assert_eq!(repacked[..unsigned], file[..unsigned], "INV-PKG-1");
    let is_wasm = package.manifest().kind == Kind::Wasm;
    assert_eq!(package.unsigned_wasm().is_some(), is_wasm);
    assert!(!is_wasm || file[unsigned..].iter().all(|&byte| byte == 0), "INV-PKG-4");
    let verified = package.verify(&KEY, |_, _, _| true);
    assert!(!(is_wasm && verified.is_ok()), "INV-PKG-4");
}
