//! What each symbol means: a place in a segment, an import, or nothing.

use alloc::vec::Vec;

use object::LittleEndian as LE;
use object::elf::{
    SHN_ABS, SHN_COMMON, SHN_LORESERVE, SHN_UNDEF, STB_LOCAL, STT_FILE, STT_FUNC, STT_GNU_IFUNC, STT_TLS,
};
use spindle_abi::descriptor::DESCRIPTOR_SYMBOL;

use super::error::{PlanError, Table, Why};
use super::file::{ObjectFile, Symbol};
use super::layout::{Layout, Segment};

/// A place in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Where {
    /// The segment.
    pub segment: Segment,
    /// Offset in it.
    pub offset: u64,
}

/// A procedure of the text segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextSymbol<'elf> {
    /// Its name as the compiler wrote it; empty if it has none or a very long one.
    pub name: &'elf str,
    /// Where it starts in the text segment.
    pub offset: u64,
    /// Its length in bytes.
    pub bytes: u64,
}

/// Longest name that a backtrace shows.
const MAX_TEXT_NAME_BYTES: usize = 1024;
/// Bytes of an [`ExtensionDescriptor`](spindle_abi::ExtensionDescriptor) on the machine that it is for.
const DESCRIPTOR_BYTES: u64 = 32;
const NONE: u16 = u16::MAX;

/// What is known of each symbol beyond the table.
#[derive(Debug)]
pub(super) struct Symbols {
    notes: Vec<Note>,
    got_slots: u16,
}

#[derive(Clone, Copy, Debug)]
struct Note {
    import: u16,
    slot: u16,
}

/// What a relocation refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A place in the object.
    Place {
        segment: Segment,
        /// Offset of the symbol's section in the segment.
        section: u64,
        /// Bytes of that section.
        section_bytes: u64,
        /// Offset of the symbol in its section.
        offset: u64,
    },
    /// The import of this number.
    Import(u16),
}

impl Symbols {
    /// Checks every symbol and asks `imports` for each undefined one.
    pub(super) fn resolve(
        file: &ObjectFile<'_>,
        layout: &Layout,
        mut imports: impl FnMut(&str) -> Option<u16>,
    ) -> Result<Self, PlanError> {
        let mut notes = Vec::new();
        notes.try_reserve_exact(file.symbols.len()).map_err(|_| PlanError::OutOfMemory)?;
        notes.resize(file.symbols.len(), Note { import: NONE, slot: NONE });
        for (index, symbol) in file.numbered_symbols() {
            check(file, layout, index, symbol)?;
            if symbol.st_shndx.get(LE) == SHN_UNDEF {
                let name = file.symbol_name(index).and_then(|name| core::str::from_utf8(name).ok());
                let import = name.filter(|_| symbol.st_bind() != STB_LOCAL).and_then(&mut imports);
                let refused = PlanError::Symbol { symbol: index, why: Why::Undefined, value: 0 };
                notes[index as usize].import = import.filter(|&import| import != NONE).ok_or(refused)?;
            }
        }
        Ok(Symbols { notes, got_slots: 0 })
    }

    /// What symbol `index` is; `Err` says why it cannot be referred to.
    pub(super) fn target(&self, file: &ObjectFile<'_>, layout: &Layout, index: u32) -> Result<Target, Why> {
        let (symbol, note) = file
            .symbols
            .get(index as usize)
            .zip(self.notes.get(index as usize))
            .filter(|_| index != 0)
            .ok_or(Why::NoSymbol)?;
        if note.import != NONE {
            return Ok(Target::Import(note.import));
        }
        match symbol.st_shndx.get(LE) {
            SHN_ABS => Err(Why::Absolute),
            section => {
                let placed = layout.placed(section.0.into()).ok_or(Why::NotLoaded)?;
                let offset = symbol.st_value.get(LE);
                let (segment, section, section_bytes) = (placed.segment, placed.offset, placed.bytes);
                Ok(Target::Place { segment, section, section_bytes, offset })
            }
        }
    }

    /// Gives symbol `index` a slot of the global offset table, if it has none yet.
    pub(super) fn give_slot(&mut self, index: u32) -> Result<(), PlanError> {
        let note = &mut self.notes[index as usize];
        if note.slot == NONE {
            if self.got_slots == NONE {
                let limit = usize::from(NONE);
                return Err(PlanError::TooMany { table: Table::GotSlots, count: limit + 1, limit });
            }
            note.slot = self.got_slots;
            self.got_slots += 1;
        }
        Ok(())
    }

    /// The slot of symbol `index`, if it has one.
    pub(super) fn slot(&self, index: u32) -> Option<u64> {
        self.notes.get(index as usize).map(|note| note.slot).filter(|&slot| slot != NONE).map(u64::from)
    }

    pub(super) fn got_slots(&self) -> u64 {
        self.got_slots.into()
    }

    /// Symbols that have a slot, with it.
    pub(super) fn slots(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        (0u32..)
            .zip(&self.notes)
            .filter(|(_, note)| note.slot != NONE)
            .map(|(index, note)| (index, note.slot.into()))
    }
}

fn check(file: &ObjectFile<'_>, layout: &Layout, index: u32, symbol: &Symbol) -> Result<(), PlanError> {
    let (section, kind, value) = (symbol.st_shndx.get(LE), symbol.st_type(), symbol.st_value.get(LE));
    let refuse = |why, value| Err(PlanError::Symbol { symbol: index, why, value });
    if kind == STT_TLS {
        return refuse(Why::ThreadLocal, value);
    }
    if kind == STT_GNU_IFUNC {
        return refuse(Why::Type, kind.0.into());
    }
    match section {
        SHN_UNDEF => Ok(()),
        SHN_ABS if kind == STT_FILE => Ok(()),
        SHN_ABS => refuse(Why::Absolute, value),
        SHN_COMMON => refuse(Why::Common, value),
        _ if section.0 >= SHN_LORESERVE || usize::from(section.0) >= file.sections.len() => {
            refuse(Why::NotLoaded, section.0.into())
        }
        _ => match layout.placed(section.0.into()) {
            Some(placed) if value > placed.bytes || symbol.st_size.get(LE) > placed.bytes - value => {
                refuse(Why::Outside, value)
            }
            _ => Ok(()),
        },
    }
}

/// Finds the extension descriptor and checks that one fits where it lies.
pub(super) fn descriptor(file: &ObjectFile<'_>, layout: &Layout) -> Result<Where, PlanError> {
    let index = find_index(file, DESCRIPTOR_SYMBOL).ok_or(PlanError::NoDescriptor)?;
    let symbol = &file.symbols[index as usize];
    let (offset, bytes) = (symbol.st_value.get(LE), symbol.st_size.get(LE));
    let refused = PlanError::Symbol { symbol: index, why: Why::Descriptor, value: offset };
    let placed = layout.placed(symbol.st_shndx.get(LE).0.into()).ok_or(refused)?;
    let at = Where { segment: placed.segment, offset: placed.offset + offset };
    if at.segment == Segment::Text || bytes != DESCRIPTOR_BYTES || !at.offset.is_multiple_of(8) {
        return Err(refused);
    }
    Ok(at)
}

/// Where a global symbol lies.
pub(super) fn find(file: &ObjectFile<'_>, layout: &Layout, name: &str) -> Option<Where> {
    let symbol = &file.symbols[find_index(file, name)? as usize];
    let placed = layout.placed(symbol.st_shndx.get(LE).0.into())?;
    Some(Where { segment: placed.segment, offset: placed.offset + symbol.st_value.get(LE) })
}

fn find_index(file: &ObjectFile<'_>, name: &str) -> Option<u32> {
    let defined = |symbol: &Symbol| symbol.st_bind() != STB_LOCAL && symbol.st_shndx.get(LE) != SHN_UNDEF;
    let mut globals = file.numbered_symbols().filter(|(_, symbol)| defined(symbol));
    let named = |index| file.symbol_name_within(index, name.len()) == Some(name.as_bytes());
    globals.find(|&(index, _)| named(index)).map(|(index, _)| index)
}

pub(super) fn text_symbols<'elf>(
    file: &ObjectFile<'elf>,
    layout: &Layout,
) -> impl Iterator<Item = TextSymbol<'elf>> {
    let procedures = file.numbered_symbols().filter(|(_, symbol)| symbol.st_type() == STT_FUNC);
    procedures.filter_map(move |(index, symbol)| {
        let placed = layout.placed(symbol.st_shndx.get(LE).0.into())?;
        let name = file.symbol_name_within(index, MAX_TEXT_NAME_BYTES);
        let name = name.and_then(|name| core::str::from_utf8(name).ok()).unwrap_or_default();
        let offset = placed.offset + symbol.st_value.get(LE);
        let symbol = TextSymbol { name, offset, bytes: symbol.st_size.get(LE) };
        (placed.segment == Segment::Text).then_some(symbol)
    })
}
