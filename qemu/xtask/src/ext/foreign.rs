//! An extension in another language: a module in a file of its own, `FILE.wat` or `FILE.wasm`.
//!
//! What the macros of the SDK write, the author has written by hand: docs/reference/wasm-abi.md says what.

use std::path::{Path, PathBuf};

use spindle_abi::package::Kind;

use super::build::{console_package, place};
use super::module::Module;
use super::pack::{self, Parts};
use super::{engine, notes};
use crate::failure::{Failure, Result};
use crate::folders::{self, Folders};

/// Whether this names a file rather than an extension.
pub(crate) fn is_file(name: &str) -> bool {
    has_ending(Path::new(name), "wat") || (has_ending(Path::new(name), "wasm") && Path::new(name).is_file())
}

fn has_ending(file: &Path, ending: &str) -> bool {
    file.extension().is_some_and(|end| end == ending)
}

/// Packs the module in `file` under the name `name`, or the one that its records say; gives the package.
///
/// # Errors
/// If it is no module, its records cannot be read, or the kernel would refuse it: with line or byte.
pub(crate) fn package(folders: &Folders, file: &Path, name: Option<&str>) -> Result<PathBuf> {
    let bytes = assemble(file)?;
    let module = Module::read(&bytes)?;
    let records = notes::parse(module.records()?)?;
    let name = name.or(records.name()).ok_or_else(|| {
        Failure::new("the module does not say what it is called")
            .because("no line `extension NAME VERSION sdk TEXT`")
    })?;
    let (imports, code) = (module.imports(&records)?, module.shipped());
    engine::check(&code, &records, &imports)?;
    let package = pack::pack(&Parts {
        name,
        kind: Kind::Wasm,
        compiler: &compiler(file, &module),
        heap_pages: 0,
        records: &records,
        imports: &imports,
        code: &code,
    })?;
    let path = console_package(folders, name, Kind::Wasm);
    folders::create(path.parent().unwrap_or(&path))?;
    // An extension of this name was built into the same file, perhaps: it is none of that any more.
    let _ = std::fs::remove_file(path.with_extension("stamp"));
    place(&path, &package)?;
    Ok(path)
}

/// Packs `code`, whatever it is, with the records of `module`: for tests of what the kernel refuses.
pub(crate) fn unchecked(module: &[u8], code: &[u8]) -> Result<Vec<u8>> {
    let module = Module::read(module)?;
    let records = notes::parse(module.records()?)?;
    let imports: Vec<usize> = (0..records.imports.len()).collect();
    pack::pack(&Parts {
        name: records.name().unwrap_or_default(),
        kind: Kind::Wasm,
        compiler: "WebAssembly text",
        heap_pages: 0,
        records: &records,
        imports: &imports,
        code,
    })
}

/// The module in `file`; text is assembled.
fn assemble(file: &Path) -> Result<Vec<u8>> {
    if has_ending(file, "wasm") {
        return folders::read(file);
    }
    let text = folders::read(file)?;
    let module = wat::parse_bytes(&text).map_err(|mut error| {
        error.set_path(file);
        Failure::new(format_args!("{} cannot be assembled", file.display())).because(error)
    })?;
    Ok(module.into_owned())
}

fn compiler(file: &Path, module: &Module<'_>) -> String {
    let text = if has_ending(file, "wat") { "WebAssembly text" } else { "not said" };
    pack::identity(module.producer().unwrap_or(text))
}
