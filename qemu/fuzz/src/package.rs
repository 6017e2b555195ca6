//! The package parser (`abi::package`).

use spindle_abi::package::{Contents, Handler, Import, Kind, Package, PublicKey, pack};

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
    assert_eq!(repacked(&package)[..unsigned], file[..unsigned], "INV-PKG-1");
    let is_wasm = package.manifest().kind == Kind::Wasm;
    assert_eq!(package.unsigned_wasm().is_some(), is_wasm);
    assert!(!is_wasm || file[unsigned..].iter().all(|&byte| byte == 0), "INV-PKG-4");
    let verified = package.verify(&KEY, |_, _, _| true);
    assert!(!(is_wasm && verified.is_ok()), "INV-PKG-4");
}

fn repacked(package: &Package<'_>) -> Vec<u8> {
    let manifest = package.manifest();
    let imports: Vec<Import<'_>> = manifest.imports().collect();
    let handlers: Vec<Handler<'_>> = manifest.handlers().collect();
    let contents = Contents {
        name: manifest.name,
        version: manifest.version,
        kind: manifest.kind,
        compiler: manifest.compiler,
        sdk: manifest.sdk,
        quotas: manifest.quotas,
        imports: &imports,
        handlers: &handlers,
        code: package.code(),
    };
    pack(&contents).expect("INV-PKG-2: what was read can be written")
}
