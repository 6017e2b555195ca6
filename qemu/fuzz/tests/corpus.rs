//! Every input of the corpus, without a fuzzer.

use std::fs;
use std::path::Path;

use spindle_abi::package::{Field, Package, Reason, RowError};

#[track_caller]
fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let mut inputs = 0;
    for entry in fs::read_dir(folder).expect("every target has a corpus") {
        let path = entry.expect("the corpus can be listed").path();
        // Seen only if it fails: which one it was.
        println!("{}", path.display());
        check(&fs::read(path).expect("the corpus can be read"));
        inputs += 1;
    }
    assert!(inputs >= 5, "the corpus of {target} has only {inputs} inputs");
}

#[test]
fn package() {
    replay("package", spindle_fuzz::package::check);
}

/// A corpus of yesterday's format would be refused at its first bytes, and test nothing.
#[test]
fn packages_are_good_or_bad_for_the_reason_that_they_are_called_by() {
    let reason = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/package").join(name);
        let file = fs::read(path).expect("the corpus can be read");
        Package::parse(&file).err().map(|error| error.reason)
    };
    for good in ["native", "unsigned", "wasm", "rows"] {
        assert_eq!(reason(good), None, "{good}");
    }
    assert!(matches!(reason("signed-wasm"), Some(Reason::SignedWasm { .. })));
    assert!(matches!(reason("rows-empty-range"), Some(Reason::Range { from: 90, to: 80 })));
    assert!(matches!(
        reason("rows-five-terms"),
        Some(Reason::TooLong { field: Field::Terms, length: 5, .. })
    ));
    let rows = [
        ("rows-asynchronous-with-references", RowError::NotQueueable),
        ("rows-guard-is-handler", RowError::NotAGuard { guard: 1 }),
        ("rows-guard-not-there", RowError::NoSuchGuard { guard: 250 }),
        ("rows-guard-unused", RowError::UnusedGuard),
        ("rows-two-defaults", RowError::Second { first: 5 }),
    ];
    for (bad, expected) in rows {
        assert!(
            matches!(reason(bad), Some(Reason::Row { why, .. }) if why == expected),
            "{bad}: {:?}",
            reason(bad)
        );
    }
}

#[test]
fn plan() {
    replay("plan", spindle_fuzz::plan::check);
}

#[test]
fn control() {
    replay("control", spindle_fuzz::control::check);
}

#[test]
fn wasm_import() {
    replay("wasm_import", spindle_fuzz::wasm_import::check);
}
