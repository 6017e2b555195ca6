//! A Wasm module: its records, what it imports, and what is shipped of it.
//!
//! *Interface.* [`Module::read`], then [`Module::records`], [`Module::imports`] and [`Module::shipped`].
//!
//! *Not here.* Whether the module is valid and fits the kernel: the engine says so (`engine.rs`).

use std::ops::Range;

use spindle_abi::guest::IMPORT_MODULE;
use spindle_abi::record::SECTION;
use wasmparser::{KnownCustom, Parser, Payload, TypeRef};

use super::notes::Records;
use crate::failure::{Failure, Result};

/// A module whose sections could be told apart, and where they are.
#[derive(Debug)]
pub(crate) struct Module<'a> {
    bytes: &'a [u8],
    /// Every section but the custom ones: its number and its contents.
    sections: Vec<(u8, Range<usize>)>,
    /// The contents of the records' sections, one after the other.
    records: Vec<u8>,
    imports: Vec<Import<'a>>,
    producer: Option<String>,
}

#[derive(Clone, Copy, Debug)]
struct Import<'a> {
    module: &'a str,
    name: &'a str,
    is_procedure: bool,
}

impl<'a> Module<'a> {
    /// Tells the sections of a module apart.
    ///
    /// # Errors
    /// If it is none, or cut short: with the byte.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self> {
        let invalid = |error: wasmparser::BinaryReaderError| {
            Failure::new("the file is no Wasm module that the kernel would load").because(error)
        };
        let mut module =
            Module { bytes, sections: Vec::new(), records: Vec::new(), imports: Vec::new(), producer: None };
        for payload in Parser::new(0).parse_all(bytes) {
            module.take(payload.map_err(invalid)?).map_err(invalid)?;
        }
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'a>) -> std::result::Result<(), wasmparser::BinaryReaderError> {
        if let Payload::CustomSection(section) = &payload {
            if section.name() == SECTION {
                self.records.extend_from_slice(section.data());
            }
            if let KnownCustom::Producers(producers) = section.as_known() {
                self.producer = producer(producers);
            }
            return Ok(());
        }
        self.sections.extend(payload.as_section());
        if let Payload::ImportSection(section) = payload {
            for import in section {
                let import = import?;
                let is_procedure = matches!(import.ty, TypeRef::Func(_));
                self.imports.push(Import { module: import.module, name: import.name, is_procedure });
            }
        }
        Ok(())
    }

    /// The text of the records.
    ///
    /// # Errors
    /// If there are none.
    pub(crate) fn records(&self) -> Result<&[u8]> {
        if self.records.is_empty() {
            return Err(Failure::new("the module does not say what it is")
                .because(format_args!("it has no custom section `{SECTION}`"))
                .next("in Rust: write `#[extension]` on an `impl` block of the extension's state")
                .next("in another language: docs/reference/wasm-abi.md says what the section holds"));
        }
        Ok(&self.records)
    }

    /// The compiler's name and version, if the module says so.
    pub(crate) fn producer(&self) -> Option<&str> {
        self.producer.as_deref()
    }

    /// Gives the indices (into the records) of the imports that the module has, ascending by symbol.
    ///
    /// # Errors
    /// Every import that is no procedure of the kernel's, or that the records do not declare.
    pub(crate) fn imports(&self, records: &Records<'_>) -> Result<Vec<usize>> {
        let found = self.imports.iter().map(|import| import.find(records));
        let (used, bad): (Vec<_>, Vec<_>) = found.partition(std::result::Result::is_ok);
        if !bad.is_empty() {
            let lines: Vec<String> = bad.into_iter().filter_map(std::result::Result::err).collect();
            return Err(Failure::new("the module imports what it cannot have").because(lines.join("\n")));
        }
        let mut used: Vec<usize> = used.into_iter().flatten().collect();
        used.sort_unstable();
        used.dedup();
        Ok(used)
    }

    /// The module without names, debug information and records.
    pub(crate) fn shipped(&self) -> Vec<u8> {
        let mut shipped = self.bytes[..8].to_vec();
        for (number, range) in &self.sections {
            shipped.push(*number);
            write_length(&mut shipped, range.len());
            shipped.extend_from_slice(&self.bytes[range.clone()]);
        }
        shipped
    }
}

impl Import<'_> {
    /// The record that declares it; else what is wrong, and what would be right.
    fn find(&self, records: &Records<'_>) -> std::result::Result<usize, String> {
        let Import { module, name, is_procedure } = *self;
        if module != IMPORT_MODULE || !is_procedure {
            let what = if is_procedure { "procedure" } else { "memory, table or global" };
            return Err(format!(
                "the {what} `{name}` of `{module}`: only procedures of `{IMPORT_MODULE}` can be imported"
            ));
        }
        records.imports.iter().position(|import| import.name == name).ok_or_else(|| {
            let known = records.imports.iter().map(|import| import.name);
            let nearest = spindle_kerncore::nearest::nearest(name, known);
            let nearest = nearest.map_or_else(String::new, |nearest| format!("; the nearest is `{nearest}`"));
            format!("`{name}`: the records have no line `import fn {name}(...)`{nearest}")
        })
    }
}

/// The first program under "processed-by".
fn producer(section: wasmparser::ProducersSectionReader<'_>) -> Option<String> {
    let fields = section.into_iter().flatten();
    let mut processed = fields.filter(|field| field.name == "processed-by");
    let program = processed.next()?.values.into_iter().flatten().next()?;
    Some(format!("{} {}", program.name, program.version))
}

/// Writes a length as LEB128, seven bits a byte.
fn write_length(bytes: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        bytes.push(length as u8 & 0x7f | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
}
