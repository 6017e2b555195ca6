//! The manifest, and the package made of it and the code.

use spindle_abi::package::{self, Contents, Import, Kind, MAX_IDENTITY_BYTES, Quotas};

use super::notes::{self, Records};
use crate::failure::{Failure, Result};
use crate::toolchain::Tools;

/// What a package is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'a> {
    /// Name of the extension.
    pub(crate) name: &'a str,
    /// What the code is.
    pub(crate) kind: Kind,
    /// What made the code.
    pub(crate) compiler: &'a str,
    /// Pages of heap that it asks for; 0 leaves it to the loader.
    pub(crate) heap_pages: u32,
    /// What the code says of itself.
    pub(crate) records: &'a Records<'a>,
    /// Which of the records' imports the code calls, ascending by symbol.
    pub(crate) imports: &'a [usize],
    /// The code.
    pub(crate) code: &'a [u8],
}

/// Writes the unsigned package.
pub(crate) fn pack(parts: &Parts<'_>) -> Result<Vec<u8>> {
    let Parts { name, kind, compiler, heap_pages, records, code, .. } = *parts;
    let (version, sdk) = records.versions.ok_or_else(|| {
        Failure::new("the extension does not say which version it is").because("no identity record")
    })?;
    let imports: Vec<Import<'_>> =
        parts.imports.iter().map(|&index| import(&records.imports[index])).collect();
    let (imports, rows) = (imports.as_slice(), records.rows.as_slice());
    let quotas = Quotas { heap_pages };
    let contents = Contents { name, version, kind, compiler, sdk, quotas, imports, rows, code };
    package::pack(&contents)
        .map_err(|error| Failure::new("the package cannot be written").because(error.reason))
}

fn import<'a>(record: &'a notes::Import<'a>) -> Import<'a> {
    let notes::Import { name, symbol, fingerprint, schema } = record;
    Import { name, symbol, fingerprint: *fingerprint, schema }
}

/// What the compiler calls itself.
pub(crate) fn compiler(tools: &Tools) -> Result<String> {
    let unknown = || Failure::new("the compiler does not say which version it is");
    let mut command = std::process::Command::new(&tools.compiler.rustc);
    let output = command.arg("--version").env_remove("LD_LIBRARY_PATH").output().map_err(|_| unknown())?;
    let text = String::from_utf8(output.stdout).map_err(|_| unknown())?;
    Ok(identity(text.lines().next().ok_or_else(unknown)?))
}

/// A text cut to what a package's identities may be.
pub(crate) fn identity(text: &str) -> String {
    text.chars().filter(|each| each.is_ascii() && !each.is_control()).take(MAX_IDENTITY_BYTES).collect()
}
