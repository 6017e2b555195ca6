//! From a relocatable object to a plan: what goes where, and how every reference is patched.
//!
//! ```text
//!  object file (ET_REL)                         segments, each a run of pages of one protection
//!  .text*    alloc exec    ───────────────────> Text      read, execute
//!  .rodata*  alloc         ──────┐
//!            GOT slots that relocations ask for ┴─> ReadOnly  read
//!  .data* .bss*  alloc write ─────────────────> Data      read, write
//! ```
//! *Concepts.* A [`Plan`] is made from the bytes alone: nothing in them is trusted, every offset, size, index and
//! count is checked before use. It holds no address; [`Plan::relocate`] takes those and yields [`Patch`]es.
//! An *import* is an undefined symbol that the caller has given a number.
//!
//! *Interface.* To load: [`Plan::new`], map [`Plan::pages`] of each [`Segment`], copy [`Plan::contents`], apply
//! [`Plan::relocate`], enter at [`Plan::descriptor`]. To say what went wrong, [`PlanError::explain`].
//!
//! *Invariants.*
//! - INV-PLAN-1: every byte copied or patched lies inside its segment.
//! - INV-PLAN-2: no segment is writable and executable.
//! - INV-PLAN-3: a call that the linker knew of (PLT32) ends in the object's own text or at an import.
//! - INV-PLAN-4: the same bytes make the same plan, in time linear in their number.
//!
//! *Not here.* Which imports exist (`crate::link`); mapping and copying (the domain crate).

mod error;
mod file;
mod layout;
mod relocate;
mod relocation;
mod symbols;
#[cfg(test)]
mod tests;

pub use error::{Explained, HeaderField, PlanError, Table, Why};
pub use layout::{Content, Segment};
pub use relocate::{Bases, Patch};
pub use symbols::{TextSymbol, Where};

use file::ObjectFile;
use layout::Layout;
use symbols::Symbols;

/// The size of a page in bytes.
pub const PAGE_BYTES: u64 = 4096;
/// Most sections an object may have.
pub const MAX_SECTIONS: usize = 16 << 10;
/// Most symbols an object may have.
pub const MAX_SYMBOLS: usize = 64 << 10;
/// Most relocations an object may have.
pub const MAX_RELOCATIONS: usize = 1 << 20;
/// Most bytes that the segments of an object may have together.
pub const MAX_IMAGE_BYTES: u64 = 16 << 20;
/// Longest symbol that an import may have.
pub const MAX_IMPORT_NAME_BYTES: usize = 128;

/// A checked object: its layout and the meaning of its symbols.
#[derive(Debug)]
pub struct Plan<'elf> {
    file: ObjectFile<'elf>,
    layout: Layout,
    symbols: Symbols,
    descriptor: Where,
}

impl<'elf> Plan<'elf> {
    /// Checks `elf` and lays it out. `imports` numbers the undefined symbols that may be named: it is asked once
    /// for each, and answers `None` to refuse it.
    ///
    /// Allocates in proportion to the number of sections and symbols; gives that back when dropped.
    ///
    /// # Errors
    /// The first thing that is wrong. Nothing of a refused object may be used.
    pub fn new(elf: &'elf [u8], imports: impl FnMut(&str) -> Option<u16>) -> Result<Self, PlanError> {
        let file = ObjectFile::parse(elf)?;
        let mut layout = Layout::new(&file)?;
        let mut symbols = Symbols::resolve(&file, &layout, imports)?;
        relocation::check_all(&file, &layout, &mut symbols)?;
        layout.add_got(symbols.got_slots())?;
        let descriptor = symbols::descriptor(&file, &layout)?;
        Ok(Plan { file, layout, symbols, descriptor })
    }

    /// Bytes of a segment that mean something; the rest of its last page is zero.
    pub fn bytes(&self, segment: Segment) -> u64 {
        self.layout.bytes(segment)
    }

    /// Pages of a segment; 0 if the object needs no such segment.
    pub fn pages(&self, segment: Segment) -> u64 {
        self.bytes(segment).div_ceil(PAGE_BYTES)
    }

    /// What to copy where, before patching. What no content covers is zero.
    pub fn contents(&self) -> impl Iterator<Item = Content<'elf>> + '_ {
        self.layout.contents(&self.file)
    }

    /// Where the extension descriptor lies.
    pub fn descriptor(&self) -> Where {
        self.descriptor
    }

    /// Where the global symbol `name` lies, if the object defines it in a segment.
    pub fn symbol(&self, name: &str) -> Option<Where> {
        symbols::find(&self.file, &self.layout, name)
    }

    /// The procedures of the text segment, in the order of the symbol table.
    pub fn text_symbols(&self) -> impl Iterator<Item = TextSymbol<'elf>> + '_ {
        symbols::text_symbols(&self.file, &self.layout)
    }

    /// The procedure that holds the byte at `offset` of the text segment. Looks at every symbol.
    pub fn text_symbol_at(&self, offset: u64) -> Option<TextSymbol<'elf>> {
        self.text_symbols().find(|symbol| offset.wrapping_sub(symbol.offset) < symbol.bytes)
    }
}
