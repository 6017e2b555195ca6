//! `ext info`: one extension in full, loaded or as its package describes it.

use alloc::vec::Vec;

use spindle_abi::Fingerprint;
use spindle_abi::package::{Kind, Package};
use spindle_domain::{Info, Row};
use sval::Value;

use super::rows::{Line, described};
use crate::console::Session;
use crate::console::error::Failed;
use crate::console::json::{Each, Shown};

/// Shows a loaded extension.
pub(super) fn show_loaded(session: &Session, json: bool, info: &Info) {
    let handlers = || info.rows.iter().map(Line::from);
    if json {
        return session.json(loaded_json(info, Each(handlers)));
    }
    session.say(format_args!("name        {}", info.name));
    session.say(format_args!("version     {}", info.version));
    session.say(format_args!("state       {}, domain {}", info.state.name(), info.id));
    show_kind(session, info.kind, info.signer);
    if info.kind == Kind::Native {
        session.say(format_args!("text        {} bytes at {:#x}", info.text_bytes, info.text_start));
        session.say(format_args!("read-only   {} bytes", info.read_only_bytes));
        session.say(format_args!("data        {} bytes", info.data_bytes));
    }
    session.say(format_args!("heap        {} bytes, at most {}", info.heap_bytes, info.heap_quota_bytes));
    info.imports.iter().for_each(|import| session.say(format_args!("import      {import}")));
    handlers().for_each(|row| session.say(format_args!("{:<10}  {row}", row.role)));
}

/// What the code is, and why it may be run.
fn show_kind(session: &Session, kind: Kind, signer: Option<Fingerprint>) {
    match (kind, signer) {
        (Kind::Wasm, _) => {
            session.say(format_args!("kind        Wasm, which the engine contains: no signature"))
        }
        (Kind::Native, Some(signer)) => {
            session.say(format_args!("kind        native, signed by key {signer}"))
        }
        (Kind::Native, None) => session.say(format_args!("kind        native, signed by nobody")),
    }
}

/// The word for a kind in JSON.
fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Native => "native",
        Kind::Wasm => "wasm",
    }
}

#[derive(Value)]
struct Loaded<'a, H> {
    name: &'a str,
    version: &'a str,
    state: &'static str,
    domain: Shown<spindle_domain::DomainId>,
    kind: &'static str,
    signer: Option<Shown<Fingerprint>>,
    text_start: u64,
    text_bytes: u64,
    read_only_bytes: u64,
    data_bytes: u64,
    heap_bytes: u64,
    heap_quota_bytes: u64,
    imports: &'a [&'static str],
    handlers: H,
}

fn loaded_json<H>(info: &Info, handlers: H) -> Loaded<'_, H> {
    Loaded {
        name: &info.name,
        version: &info.version,
        state: info.state.name(),
        domain: Shown(info.id),
        kind: kind_name(info.kind),
        signer: info.signer.map(Shown),
        text_start: info.text_start,
        text_bytes: info.text_bytes,
        read_only_bytes: info.read_only_bytes,
        data_bytes: info.data_bytes,
        heap_bytes: info.heap_bytes,
        heap_quota_bytes: info.heap_quota_bytes,
        imports: &info.imports,
        handlers,
    }
}

#[derive(Value)]
struct Described<'a, I, H> {
    name: &'a str,
    version: &'a str,
    state: &'static str,
    kind: &'static str,
    signer: Option<Shown<Fingerprint>>,
    compiler: &'a str,
    sdk: &'a str,
    package_bytes: u64,
    code_bytes: u64,
    imports: I,
    handlers: H,
}

/// Shows what a package says of itself.
///
/// # Errors
/// If it cannot be read.
pub(super) fn show_package(session: &Session, json: bool, file: &[u8]) -> Result<(), Failed> {
    let package = Package::parse(file).map_err(|error| session.fail(error))?;
    let manifest = package.manifest();
    let imports = || manifest.imports().map(|import| import.name);
    let rows: Vec<Option<Row>> = manifest.rows().map(|row| described(row)?.ok()).collect();
    let lines = || {
        manifest.rows().zip(&rows).map(|(row, known)| known.as_ref().map_or(Line::unknown(&row), Line::from))
    };
    if json {
        session.json(Described {
            name: manifest.name,
            version: manifest.version,
            state: "in ramdisk",
            kind: kind_name(manifest.kind),
            signer: package.key_fingerprint().map(Shown),
            compiler: manifest.compiler,
            sdk: manifest.sdk,
            package_bytes: file.len() as u64,
            code_bytes: package.code().len() as u64,
            imports: Each(imports),
            handlers: Each(lines),
        });
        return Ok(());
    }
    session.say(format_args!("name        {}", manifest.name));
    session.say(format_args!("version     {}", manifest.version));
    session.say(format_args!("state       in ramdisk"));
    show_kind(session, manifest.kind, package.key_fingerprint());
    session.say(format_args!("compiler    {}", manifest.compiler));
    session.say(format_args!("sdk         {}", manifest.sdk));
    session.say(format_args!("package     {} bytes, of which {} are code", file.len(), package.code().len()));
    imports().for_each(|import| session.say(format_args!("import      {import}")));
    lines().for_each(|row| session.say(format_args!("{:<10}  {row}", row.role)));
    Ok(())
}
