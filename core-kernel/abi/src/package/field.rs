//! The values of a package, by name, for refusals.

use core::fmt;

/// A value of a package, by the name under which a refusal speaks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Length of the whole file.
    FileLength,
    /// Offset of the manifest.
    ManifestOffset,
    /// Length of the manifest.
    ManifestLength,
    /// Offset of the code.
    CodeOffset,
    /// Length of the code.
    CodeLength,
    /// Name of the extension.
    Name,
    /// Version of the extension.
    Version,
    /// Kind of the code.
    Kind,
    /// Identity of the compiler.
    Compiler,
    /// Version of the SDK.
    Sdk,
    /// Heap quota.
    HeapPages,
    /// Number of imports.
    Imports,
    /// Name of an import.
    ImportName,
    /// Link symbol of an import.
    ImportSymbol,
    /// Schema of an import.
    ImportSchema,
    /// Number of rows.
    Rows,
    /// Event of a row.
    RowEvent,
    /// Schema of a row's event.
    RowSchema,
    /// Role of a row.
    Role,
    /// Place of a handler.
    Order,
    /// Whether a handler cancels those behind it.
    Cancels,
    /// Whether a handler is called later.
    Asynchronous,
    /// Row of a handler's guard.
    Guard,
    /// Number of a handler's terms.
    Terms,
    /// Kind of what a term asks.
    KeyKind,
    /// Key field of a term.
    KeyField,
    /// Word that a term asks for.
    KeyWord,
}

impl Field {
    const fn words(self) -> &'static str {
        match self {
            Field::FileLength => "length of the file",
            Field::ManifestOffset => "offset of the manifest",
            Field::ManifestLength => "length of the manifest",
            Field::CodeOffset => "offset of the code",
            Field::CodeLength => "length of the code",
            Field::Name => "name of the extension",
            Field::Version => "version of the extension",
            Field::Kind => "kind of the code",
            Field::Compiler => "compiler identity",
            Field::Sdk => "SDK version",
            Field::HeapPages => "heap quota in pages",
            Field::Imports => "list of imports",
            Field::ImportName => "name of an import",
            Field::ImportSymbol => "link symbol of an import",
            Field::ImportSchema => "schema of an import",
            Field::Rows => "handler table",
            Field::RowEvent => "event of a row",
            Field::RowSchema => "schema of a row's event",
            Field::Role => "role of a row",
            Field::Order => "place of a handler",
            Field::Cancels => "mark of a handler that cancels",
            Field::Asynchronous => "mark of an asynchronous handler",
            Field::Guard => "row of a handler's guard",
            Field::Terms => "list of a handler's terms",
            Field::KeyKind => "kind of a term",
            Field::KeyField => "key field of a term",
            Field::KeyWord => "word of a term",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
