//! The object as tables whose bounds are checked; the meaning of their entries is not.

use object::LittleEndian as LE;
use object::elf::{
    self, ELFCLASS64, ELFDATA2LSB, ELFMAG, EM_X86_64, ET_REL, EV_CURRENT, FileHeader64, Rela64, SHT_RELA,
    SHT_SYMTAB, SectionHeader64, Sym64,
};
use object::pod::from_bytes;
use object::read::elf::{FileHeader as _, SectionHeader as _};

use super::error::{HeaderField, PlanError, Table};
use super::{MAX_IMPORT_NAME_BYTES, MAX_RELOCATIONS, MAX_SECTIONS, MAX_SYMBOLS, Why};

pub(super) type SectionHeader = SectionHeader64<LE>;
pub(super) type Symbol = Sym64<LE>;
pub(super) type Rela = Rela64<LE>;

/// An object whose header is right and whose tables lie inside it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ObjectFile<'elf> {
    bytes: &'elf [u8],
    pub(super) sections: &'elf [SectionHeader],
    section_names: &'elf [u8],
    symbol_table: u32,
    pub(super) symbols: &'elf [Symbol],
    symbol_names: &'elf [u8],
}

/// One table of relocations and the section that it patches.
#[derive(Clone, Copy, Debug)]
pub(super) struct RelocationTable<'elf> {
    /// Index of the section that is patched; it exists.
    pub(super) section: u32,
    pub(super) entries: &'elf [Rela],
}

impl<'elf> ObjectFile<'elf> {
    pub(super) fn parse(bytes: &'elf [u8]) -> Result<Self, PlanError> {
        let header = header(bytes)?;
        let sections =
            header.section_headers(LE, bytes).map_err(|_| PlanError::Table { table: Table::Sections })?;
        limit(Table::Sections, sections.len(), MAX_SECTIONS)?;
        let names = header
            .shstrndx(LE, bytes)
            .map_or(Some(&[][..]), |index| sections.get(index as usize)?.data(LE, bytes).ok())
            .ok_or(PlanError::Table { table: Table::SectionNames })?;
        let mut file = ObjectFile {
            bytes,
            sections,
            section_names: names,
            symbol_table: 0,
            symbols: &[],
            symbol_names: &[],
        };
        file.find_symbols()?;
        Ok(file)
    }

    fn find_symbols(&mut self) -> Result<(), PlanError> {
        let Some(index) = self.sections.iter().position(|section| section.sh_type(LE) == SHT_SYMTAB) else {
            return Ok(());
        };
        let section = &self.sections[index];
        self.symbols =
            section.data_as_array(LE, self.bytes).map_err(|_| PlanError::Table { table: Table::Symbols })?;
        limit(Table::Symbols, self.symbols.len(), MAX_SYMBOLS)?;
        self.symbol_names = self
            .sections
            .get(section.sh_link(LE) as usize)
            .and_then(|strings| strings.data(LE, self.bytes).ok())
            .ok_or(PlanError::Table { table: Table::SymbolNames })?;
        self.symbol_table = index as u32;
        Ok(())
    }

    /// Sections with their indices, without the null section.
    pub(super) fn numbered_sections(&self) -> impl Iterator<Item = (u32, &'elf SectionHeader)> + use<'elf> {
        (0..).zip(self.sections).skip(1)
    }

    /// Symbols with their indices, without the null symbol.
    pub(super) fn numbered_symbols(&self) -> impl Iterator<Item = (u32, &'elf Symbol)> + use<'elf> {
        (0..).zip(self.symbols).skip(1)
    }

    /// The bytes of a section in the file; none for one that has none there.
    pub(super) fn contents(&self, index: u32) -> Result<&'elf [u8], PlanError> {
        let section = &self.sections[index as usize];
        let outside =
            |_| PlanError::Section { section: index, why: Why::Outside, value: section.sh_size(LE) };
        section.data(LE, self.bytes).map_err(outside)
    }

    /// Every table of relocations.
    pub(super) fn relocation_tables(
        &self,
    ) -> impl Iterator<Item = Result<RelocationTable<'elf>, PlanError>> + use<'elf> {
        let file = *self;
        let tables = file.sections.iter().filter(|section| section.sh_type(LE) == SHT_RELA);
        tables.map(move |table| file.relocation_table(table))
    }

    fn relocation_table(&self, table: &'elf SectionHeader) -> Result<RelocationTable<'elf>, PlanError> {
        let refuse = || PlanError::Table { table: Table::Relocations };
        let (entries, symbols) = table.rela(LE, self.bytes).ok().flatten().ok_or_else(refuse)?;
        let section = table.sh_info(LE);
        if symbols.0 != self.symbol_table as usize || section == 0 || section as usize >= self.sections.len()
        {
            return Err(refuse());
        }
        limit(Table::Relocations, entries.len(), MAX_RELOCATIONS)?;
        Ok(RelocationTable { section, entries })
    }

    pub(super) fn section_name(&self, index: u32) -> Option<&'elf [u8]> {
        let section = self.sections.get(index as usize)?;
        name_at(self.section_names, section.sh_name(LE), MAX_IMPORT_NAME_BYTES)
    }

    pub(super) fn symbol_name(&self, index: u32) -> Option<&'elf [u8]> {
        self.symbol_name_within(index, MAX_IMPORT_NAME_BYTES)
    }

    /// The name of a symbol, if it has at most `longest` bytes (which bounds the time that this takes).
    pub(super) fn symbol_name_within(&self, index: u32, longest: usize) -> Option<&'elf [u8]> {
        name_at(self.symbol_names, self.symbols.get(index as usize)?.st_name.get(LE), longest)
    }
}

fn name_at(names: &[u8], offset: u32, longest: usize) -> Option<&[u8]> {
    let from = names.get(offset as usize..)?;
    let end = from.iter().take(longest + 1).position(|&byte| byte == 0)?;
    Some(&from[..end])
}

fn limit(table: Table, count: usize, limit: usize) -> Result<(), PlanError> {
    if count > limit { Err(PlanError::TooMany { table, count, limit }) } else { Ok(()) }
}

fn header(bytes: &[u8]) -> Result<&FileHeader64<LE>, PlanError> {
    let (header, _) = from_bytes::<FileHeader64<LE>>(bytes).map_err(|()| PlanError::NotElf)?;
    let ident = header.e_ident;
    if ident.magic != ELFMAG {
        return Err(PlanError::NotElf);
    }
    let checks: [(HeaderField, u32, u32); 6] = [
        (HeaderField::Class, ident.class.0.into(), ELFCLASS64.0.into()),
        (HeaderField::ByteOrder, ident.data.0.into(), ELFDATA2LSB.0.into()),
        (HeaderField::Version, ident.version.0.into(), EV_CURRENT.0.into()),
        (HeaderField::Type, header.e_type.get(LE).0.into(), ET_REL.0.into()),
        (HeaderField::Machine, header.e_machine.get(LE).0.into(), EM_X86_64.0.into()),
        (HeaderField::Version, header.e_version.get(LE), elf::EV_CURRENT.0.into()),
    ];
    match checks.into_iter().find(|(_, found, expected)| found != expected) {
        Some((field, found, expected)) => Err(PlanError::Header { field, found, expected }),
        None => Ok(header),
    }
}
