//! The manifest, and the package made of it and the object.

use spindle_abi::package::{self, Contents, Handler, Import, Kind, MAX_IDENTITY_BYTES, Quotas};

use super::build::Variant;
use super::certify::Certified;
use super::notes::{self, Records};
use crate::failure::{Failure, Result};
use crate::toolchain::Tools;

/// Writes the unsigned package. `imports` are indices of those that the object calls.
pub(crate) fn pack(
    tools: &Tools,
    variant: &Variant,
    certified: &Certified,
    records: &Records,
    imports: &[usize],
    object: &[u8],
) -> Result<Vec<u8>> {
    let (version, sdk) = records.versions.as_ref().ok_or_else(|| {
        Failure::new("the extension does not say which version it is").because("no identity record")
    })?;
    let compiler = compiler(tools)?;
    let imports: Vec<Import<'_>> = imports.iter().map(|&index| import(&records.imports[index])).collect();
    let handlers: Vec<Handler<'_>> = records.handlers.iter().map(handler).collect();
    let contents = Contents {
        name: &variant.name,
        version,
        kind: Kind::Native,
        compiler: &compiler,
        sdk,
        quotas: Quotas { heap_pages: certified.heap_pages },
        imports: &imports,
        handlers: &handlers,
        code: object,
    };
    package::pack(&contents)
        .map_err(|error| Failure::new("the package cannot be written").because(error.reason))
}

fn import(record: &notes::Import) -> Import<'_> {
    let notes::Import { name, symbol, fingerprint, schema } = record;
    Import { name, symbol, fingerprint: *fingerprint, schema }
}

fn handler(record: &notes::Handler) -> Handler<'_> {
    let notes::Handler { event, fingerprint, schema, .. } = record;
    Handler { event, fingerprint: *fingerprint, schema, key: record.key() }
}

/// What the compiler calls itself.
fn compiler(tools: &Tools) -> Result<String> {
    let unknown = || Failure::new("the compiler does not say which version it is");
    let mut command = std::process::Command::new(&tools.compiler.rustc);
    let output = command.arg("--version").env_remove("LD_LIBRARY_PATH").output().map_err(|_| unknown())?;
    let text = String::from_utf8(output.stdout).map_err(|_| unknown())?;
    let line = text.lines().next().ok_or_else(unknown)?;
    Ok(line.chars().filter(char::is_ascii).take(MAX_IDENTITY_BYTES).collect())
}
