//! Packages of bad Wasm, each a good module (`qemu/tests/wasm/module.wat`) with one thing changed: the in-kernel tests
//! load them.
//!
//! A name that begins with `refuse-` is one that the kernel must not load. The others load, and fault when their
//! command, which has the same name, is given.

use std::path::{Path, PathBuf};

use crate::ext::foreign;
use crate::failure::{Failure, Result};
use crate::folders;

const MODULE: &str = include_str!("../../../tests/wasm/module.wat");

/// Name, what of the text is replaced, and by what.
const CHANGED: &[(&str, &str, &str)] = &[
    ("refuse-wasm-invalid", "(func $stop (param $closure i32))", "(func $stop (param $closure i32) (drop))"),
    ("refuse-wasm-import-not-given", "\"console.write_line\" (func", "\"clock.now\" (func"),
    ("refuse-wasm-import-elsewhere", "(import \"spindle\"", "(import \"env\""),
    ("refuse-wasm-import-type", "(func $write_line (param i32))", "(func $write_line (param i64))"),
    ("refuse-wasm-too-much-memory", "(memory (export \"memory\") 3)", "(memory (export \"memory\") 65536)"),
    ("refuse-wasm-table-too-large", " 8 funcref", " 4000000000 funcref"),
    ("refuse-wasm-no-window", "(export \"spindle_window\") ", ""),
    ("refuse-wasm-descriptor-outside", "(i32.const 1024))", "(i32.const 0x7ffffff0))"),
    ("refuse-wasm-missing-handler", "(data (i32.const 1044) \"\\03", "(data (i32.const 1044) \"\\07"),
    ("refuse-wasm-handler-type", "$start $stop $handle", "$start $stop $stop"),
    ("refuse-wasm-denied-word", "word = \\22refuse-wasm-denied-word\\22", "word = \\22help\\22"),
    ("refuse-wasm-denied-every-line", "\"where 0 word = \\22refuse-wasm-denied-every-line\\22\\n\"", "\"\""),
    ("refuse-wasm-start-traps", "(i32.store (local.get $out) (i32.const 0))", "(call $trap)"),
    ("refuse-wasm-start-never-ends", "(i32.store (local.get $out) (i32.const 0))", "(call $loop)"),
    ("refuse-wasm-module-start-traps", "(func $trap", "(start $trap) (func $trap"),
    ("refuse-wasm-module-start-never-ends", "(func $trap", "(start $loop) (func $trap"),
    ("wasm-recursion", "(nop)", "(drop (call $recurse (i32.const 0)))"),
    ("wasm-grow", "(nop)", "(call $grow)"),
    ("wasm-loop", "(nop)", "(call $loop)"),
    ("wasm-trap", "(nop)", "(call $trap)"),
    ("wasm-bad-argument", "(nop)", "(call $write_line (i32.const 2048))"),
];

/// Imported 4 000 times: a refusal must not have a line about each.
const IMPORT: &str = "(import \"spindle\" \"nothing\" (func (param i32)))";
/// A function, 9 000 times: compiled, that is more than the heap of a domain holds.
const FUNCTION_BEGIN: &str = "(func (param i64) (result i64) (local.get 0)";
const FUNCTION_STEP: &str = "(i64.mul (i64.add (local.get 0) (i64.const 1234567)))";
/// Asks for kernel memory by its address, as native code does, and traps if it gets none.
const GROW_HEAP: [(&str, &str); 3] = [
    (
        "(memory (export",
        "(import \"spindle\" \"runtime.grow_heap\" (func $grow_heap (param i32))) (memory (export",
    ),
    (
        "(nop)",
        "(i64.store (i32.const 4096) (i64.const 1)) (call $grow_heap (i32.const 4096))
        (if (i64.eqz (i64.load (i32.const 4112))) (then (call $trap)))",
    ),
    (
        "\"import fn",
        "\"import fn runtime.grow_heap(pages: u64) -> HeapSpan{start: u64, bytes: u64}\\n\" \"import fn",
    ),
];

/// Modules that differ in more than one place, by name.
fn generated() -> Result<[(&'static str, String); 3]> {
    let (imports, code, heap) = ("refuse-wasm-many-imports", "refuse-wasm-too-much-code", "wasm-grow-heap");
    let function = format!("{FUNCTION_BEGIN} {})", FUNCTION_STEP.repeat(8));
    let asks = GROW_HEAP.iter().try_fold(named(heap), |text, (from, to)| replaced(&text, from, to))?;
    Ok([
        (imports, changed(imports, "(memory (export", &format!("{} (memory (export", IMPORT.repeat(4_000)))?),
        (code, changed(code, "(func $trap", &format!("{} (func $trap", function.repeat(9_000)))?),
        (heap, asks),
    ])
}

/// Writes the packages into `folder`; gives their paths.
pub(super) fn packages(folder: &Path) -> Result<Vec<PathBuf>> {
    folders::create(folder)?;
    let good = assemble(&named("refuse-wasm"))?;
    let mut packages = vec![
        ("refuse-wasm-cut-short", foreign::unchecked(&good, &good[..good.len() / 2])?),
        ("refuse-wasm-empty", foreign::unchecked(&good, &[])?),
        ("refuse-wasm-signed", signed(foreign::unchecked(&good, &good)?)),
    ];
    for (name, from, to) in CHANGED {
        let module = assemble(&changed(name, from, to)?)?;
        packages.push((name, foreign::unchecked(&module, &module)?));
    }
    for (name, text) in generated()? {
        let module = assemble(&text)?;
        packages.push((name, foreign::unchecked(&module, &module)?));
    }
    packages.iter().map(|(name, bytes)| write(folder, name, bytes)).collect()
}

/// A package that is refused is in the ramdisk by its name, one that is loaded by the name that the kernel gives it.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let file = if name.starts_with("refuse-") { format!("{name}.ext") } else { format!("{name}.wasm.ext") };
    let path = folder.join(file);
    folders::write(&path, bytes).map(|()| path)
}

fn named(name: &str) -> String {
    MODULE.replace("NAME", name)
}

fn changed(name: &str, from: &str, to: &str) -> Result<String> {
    replaced(&named(name), from, to)
}

fn replaced(text: &str, from: &str, to: &str) -> Result<String> {
    match text.matches(from).count() {
        1 => Ok(text.replace(from, to)),
        times => Err(unusable(format_args!("`{from}` stands {times} times in module.wat, not once"))),
    }
}

fn assemble(text: &str) -> Result<Vec<u8>> {
    wat::parse_str(text).map_err(unusable)
}

/// A package of Wasm with a signature, which it never has.
fn signed(mut package: Vec<u8>) -> Vec<u8> {
    package.iter_mut().rev().take(64).for_each(|byte| *byte = 7);
    package
}

fn unusable(why: impl std::fmt::Display) -> Failure {
    Failure::new("the packages of bad Wasm cannot be made").because(why)
}

#[cfg(test)]
mod tests {
    use spindle_abi::package::Package;

    use super::{CHANGED, packages};

    #[test]
    fn every_change_makes_a_package_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let paths = packages(folder.path()).unwrap();
        assert_eq!(paths.len(), CHANGED.len() + 6);
        for path in paths {
            let bytes = std::fs::read(&path).unwrap();
            let is_package = Package::parse(&bytes).is_ok_and(|package| package.unsigned_wasm().is_some());
            assert_eq!(is_package, !path.ends_with("refuse-wasm-signed.ext"), "{}", path.display());
        }
    }
}
