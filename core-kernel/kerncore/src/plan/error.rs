//! Why an object was refused: which section, which place, which symbol, which value.

use core::fmt;

use super::file::ObjectFile;
use super::{MAX_IMAGE_BYTES, MAX_IMPORT_NAME_BYTES};

/// A refusal. The caller shows it (see [`PlanError::explain`]) and maps nothing. Its cause is always in the object:
/// build the extension again with `cargo xtask ext build`; what that accepts, a plan accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanError {
    /// The bytes are too short for an ELF header or do not start with one.
    NotElf,
    /// The header says that the object is for something else.
    Header {
        /// Which value of the header.
        field: HeaderField,
        /// The value found.
        found: u32,
        /// The only right one.
        expected: u32,
    },
    /// A table does not lie inside the file, or its entries have the wrong size.
    Table {
        /// Which table.
        table: Table,
    },
    /// A table is longer than any extension needs.
    TooMany {
        /// Which table.
        table: Table,
        /// Its entries.
        count: usize,
        /// The most allowed.
        limit: usize,
    },
    /// A section cannot be loaded.
    Section {
        /// Index of the section.
        section: u32,
        /// What is wrong with it.
        why: Why,
        /// The offending value: an offset, size, alignment, type or flags.
        value: u64,
    },
    /// The segments together are larger than [`MAX_IMAGE_BYTES`].
    ImageTooLarge {
        /// The section at which they became so.
        section: u32,
    },
    /// A symbol cannot be what it says.
    Symbol {
        /// Index of the symbol.
        symbol: u32,
        /// What is wrong with it.
        why: Why,
        /// The offending value: an offset, section index or type.
        value: u64,
    },
    /// A relocation cannot be done.
    Relocation {
        /// Index of the section that would be patched.
        section: u32,
        /// Byte of that section.
        offset: u64,
        /// Index of the symbol that it refers to.
        symbol: u32,
        /// What is wrong with it.
        why: Why,
        /// The offending value: a kind, an addend, or what would have been written.
        value: i64,
    },
    /// The object has no global symbol `spindle_extension`: no `#[extension]` is in its source.
    NoDescriptor,
    /// The kernel has no memory for the plan: unload something, then load again.
    OutOfMemory,
}

/// What is wrong with a section, symbol or relocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its bytes do not lie inside the file, or its size overflows.
    Outside,
    /// Its alignment is no power of two up to a page.
    Alignment,
    /// It has a type that is never loaded.
    Type,
    /// It is writable and executable.
    WritableCode,
    /// It is compressed.
    Compressed,
    /// It is thread-local; extensions have no thread-local storage.
    ThreadLocal,
    /// It lists code to run before or after the extension; only `start` and `stop` are.
    Constructors,
    /// It refers to a section that is not there or not loaded.
    NotLoaded,
    /// It has a fixed address.
    Absolute,
    /// It has no section yet (a common symbol).
    Common,
    /// It is undefined and none of the package's imports.
    Undefined,
    /// The symbol that it names is not in the table.
    NoSymbol,
    /// It is of a kind that the loader does not know.
    Kind,
    /// It reaches out of what it refers to.
    Target,
    /// Its value does not fit the bytes that it patches.
    DoesNotFit,
    /// It is too small, misaligned, or in the wrong segment, for a descriptor.
    Descriptor,
    /// The caller gave no address for the import.
    NoAddress,
}

impl Why {
    const fn words(self) -> &'static str {
        match self {
            Why::Outside => "does not lie inside its container",
            Why::Alignment => "is aligned to no power of two up to a page",
            Why::Type => "has a type that is never loaded",
            Why::WritableCode => "is writable and executable",
            Why::Compressed => "is compressed",
            Why::ThreadLocal => "is thread-local, which extensions cannot be",
            Why::Constructors => "lists code to run before `start` or after `stop`, which is never run",
            Why::NotLoaded => "refers to a section that is not loaded",
            Why::Absolute => "has a fixed address, which nothing in an extension has",
            Why::Common => "is a common symbol: link the object first",
            Why::Undefined => "is undefined and no import of the package",
            Why::NoSymbol => "names a symbol that is not in the table",
            Why::Kind => "is of a kind that the loader does not know",
            Why::Target => "reaches out of what it refers to",
            Why::DoesNotFit => "has a value that does not fit its place",
            Why::Descriptor => "is no place for a descriptor (32 bytes, 8-aligned, not in text)",
            Why::NoAddress => "is an import that was given no address",
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// A value of the ELF header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderField {
    /// 32 or 64 bits.
    Class,
    /// Byte order.
    ByteOrder,
    /// Version of the format.
    Version,
    /// Relocatable, executable or shared.
    Type,
    /// The processor.
    Machine,
}

/// A table of the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Section headers.
    Sections,
    /// Names of sections.
    SectionNames,
    /// Symbols.
    Symbols,
    /// Names of symbols.
    SymbolNames,
    /// Relocations.
    Relocations,
    /// Slots that relocations ask for.
    GotSlots,
}

impl PlanError {
    /// The section that the refusal is about.
    pub const fn section(&self) -> Option<u32> {
        match *self {
            PlanError::Section { section, .. }
            | PlanError::ImageTooLarge { section }
            | PlanError::Relocation { section, .. } => Some(section),
            _ => None,
        }
    }

    /// The symbol that the refusal is about.
    pub const fn symbol(&self) -> Option<u32> {
        match *self {
            PlanError::Symbol { symbol, .. } | PlanError::Relocation { symbol, .. } => Some(symbol),
            _ => None,
        }
    }

    /// The refusal with the names that `elf`, the object it is about, has for section and symbol.
    pub const fn explain<'elf>(&self, elf: &'elf [u8]) -> Explained<'elf> {
        Explained { error: *self, elf }
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            PlanError::NotElf => f.write_str("the code is no ELF object"),
            PlanError::Header { field, found, expected } => {
                write!(
                    f,
                    "ELF header: {field:?} is {found}; it must be {expected} (a relocatable x86_64 object)"
                )
            }
            PlanError::Table { table } => write!(f, "{table:?}: the table does not lie inside the object"),
            PlanError::TooMany { table, count, limit } => {
                write!(f, "{table:?}: {count} entries; the limit is {limit}")
            }
            PlanError::Section { section, why, value } => write!(f, "section {section} {why} ({value:#x})"),
            PlanError::ImageTooLarge { section } => {
                write!(f, "section {section} makes the image larger than {MAX_IMAGE_BYTES} bytes")
            }
            PlanError::Symbol { symbol, why, value } => write!(f, "symbol {symbol} {why} ({value:#x})"),
            PlanError::Relocation { section, offset, symbol, why, value } => {
                write!(f, "relocation of section {section} at {offset:#x} to symbol {symbol} {why} ({value})")
            }
            PlanError::NoDescriptor => {
                f.write_str("no symbol `spindle_extension`: the source has no `#[extension]`")
            }
            PlanError::OutOfMemory => {
                f.write_str("no memory for the load plan: unload an extension, then try again")
            }
        }
    }
}

impl core::error::Error for PlanError {}

/// A refusal with names; made by [`PlanError::explain`].
#[derive(Clone, Copy, Debug)]
pub struct Explained<'elf> {
    error: PlanError,
    elf: &'elf [u8],
}

impl fmt::Display for Explained<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.error)?;
        let Ok(file) = ObjectFile::parse(self.elf) else { return Ok(()) };
        let (section, symbol) = (self.error.section(), self.error.symbol());
        if let Some((index, name)) = section.and_then(|index| Some((index, file.section_name(index)?))) {
            write!(f, "; section {index} is `{}`", Shown(name))?;
        }
        if let Some((index, name)) = symbol.and_then(|index| Some((index, file.symbol_name(index)?))) {
            write!(f, "; symbol {index} is `{}`", Shown(name))?;
        }
        Ok(())
    }
}

/// A name out of a file, made fit for a terminal.
struct Shown<'a>(&'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = &self.0[..self.0.len().min(MAX_IMPORT_NAME_BYTES)];
        write!(f, "{}", shown.escape_ascii())
    }
}
