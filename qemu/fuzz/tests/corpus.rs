//! Every input of the corpus, without a fuzzer.

use std::fs;
use std::path::Path;

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
