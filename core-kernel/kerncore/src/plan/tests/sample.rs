//! A small object with every kind of reference, and ways to spoil it.

use alloc::vec::Vec;

use object::elf;
use object::write::{Object, Relocation, SectionId, Symbol, SymbolId, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, RelocationFlags, SectionKind, SymbolFlags, SymbolKind,
    SymbolScope,
};

use crate::plan::{Plan, PlanError};

/// The imports that samples are given, by number.
pub(super) const IMPORTS: [&str; 2] = ["spindle.console.write_line", "spindle.clock.now"];

pub(super) fn plan(elf: &[u8]) -> Result<Plan<'_>, PlanError> {
    Plan::new(elf, |name| IMPORTS.iter().position(|&import| import == name).map(|at| at as u16))
}

/// An object under construction, with the parts that every sample has.
pub(super) struct Sample {
    pub(super) object: Object<'static>,
    pub(super) text: SectionId,
    pub(super) constants: SectionId,
    pub(super) start: SymbolId,
    pub(super) descriptor: SymbolId,
    pub(super) counter: SymbolId,
    pub(super) scratch: SymbolId,
    pub(super) write_line: SymbolId,
}

impl Sample {
    /// 64 bytes of text with a procedure at 16; 48 of constants with the descriptor at 16; 24 of variables, 40 zeros.
    pub(super) fn new() -> Sample {
        let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
        let mut section = |name: &str, kind| object.add_section(Vec::new(), name.into(), kind);
        let text = section(".text", SectionKind::Text);
        let constants = section(".rodata", SectionKind::ReadOnlyData);
        let variables = section(".data", SectionKind::Data);
        let zeros = section(".bss", SectionKind::UninitializedData);
        object.append_section_data(text, &[0xcc; 64], 16);
        object.append_section_data(constants, &[0x11; 48], 16);
        object.append_section_data(variables, &[0x22; 24], 8);
        object.append_section_bss(zeros, 40, 32);
        let start = define(&mut object, "start", text, SymbolKind::Text, 16, 32);
        let descriptor = define(&mut object, "spindle_extension", constants, SymbolKind::Data, 16, 32);
        let counter = define(&mut object, "counter", variables, SymbolKind::Data, 8, 8);
        let scratch = define(&mut object, "scratch", zeros, SymbolKind::Data, 0, 40);
        let write_line = undefined(&mut object, IMPORTS[0]);
        Sample { object, text, constants, start, descriptor, counter, scratch, write_line }
    }

    /// One of every kind of relocation.
    pub(super) fn complete() -> Sample {
        let mut sample = Sample::new();
        let (text, constants) = (sample.text, sample.constants);
        sample.relocate(text, 0, elf::R_X86_64_PLT32, sample.write_line, -4);
        sample.relocate(text, 4, elf::R_X86_64_PLT32, sample.start, -4);
        sample.relocate(text, 8, elf::R_X86_64_PC32, sample.counter, -5);
        sample.relocate(text, 12, elf::R_X86_64_32S, sample.scratch, 8);
        sample.relocate(text, 16, elf::R_X86_64_64, sample.descriptor, 0);
        sample.relocate(text, 24, elf::R_X86_64_GOTPCREL, sample.write_line, -4);
        sample.relocate(text, 28, elf::R_X86_64_REX_GOTPCRELX, sample.start, -4);
        sample.relocate(text, 32, elf::R_X86_64_GOTPCRELX, sample.write_line, -4);
        sample.relocate(constants, 24, elf::R_X86_64_64, sample.start, 0);
        sample.relocate(constants, 32, elf::R_X86_64_64, sample.write_line, 0);
        sample
    }

    pub(super) fn relocate(
        &mut self,
        section: SectionId,
        offset: u64,
        kind: elf::RelocationType,
        symbol: SymbolId,
        addend: i64,
    ) {
        let flags = RelocationFlags::Elf { r_type: kind };
        let relocation = Relocation { offset, symbol, addend, flags };
        self.object.add_relocation(section, relocation).expect("the writer takes any of ours");
    }

    pub(super) fn write(&self) -> Vec<u8> {
        self.object.write().expect("the writer takes any of ours")
    }
}

pub(super) fn define(
    object: &mut Object<'_>,
    name: &str,
    section: SectionId,
    kind: SymbolKind,
    value: u64,
    size: u64,
) -> SymbolId {
    object.add_symbol(Symbol {
        name: name.into(),
        value,
        size,
        kind,
        scope: SymbolScope::Linkage,
        weak: false,
        section: SymbolSection::Section(section),
        flags: SymbolFlags::None,
    })
}

pub(super) fn undefined(object: &mut Object<'_>, name: &str) -> SymbolId {
    object.add_symbol(Symbol {
        name: name.into(),
        value: 0,
        size: 0,
        kind: SymbolKind::Unknown,
        scope: SymbolScope::Unknown,
        weak: false,
        section: SymbolSection::Undefined,
        flags: SymbolFlags::None,
    })
}

/// Fields of a section header: offset in the header, and width.
pub(super) const SH_TYPE: (usize, usize) = (4, 4);
pub(super) const SH_FLAGS: (usize, usize) = (8, 8);
pub(super) const SH_OFFSET: (usize, usize) = (24, 8);
pub(super) const SH_SIZE: (usize, usize) = (32, 8);
pub(super) const SH_INFO: (usize, usize) = (44, 4);
pub(super) const SH_ALIGN: (usize, usize) = (48, 8);

/// Overwrites a field of the header of the section called `name`; gives back its index.
pub(super) fn spoil(elf: &mut [u8], name: &str, field: (usize, usize), value: u64) -> u32 {
    let index = section_index(elf, name);
    let at = word(elf, 40) + index as usize * 64 + field.0;
    elf[at..at + field.1].copy_from_slice(&value.to_le_bytes()[..field.1]);
    index
}

/// Where in the file the contents of a section start.
pub(super) fn contents_at(elf: &[u8], name: &str) -> usize {
    word(elf, word(elf, 40) + section_index(elf, name) as usize * 64 + SH_OFFSET.0)
}

fn section_index(elf: &[u8], name: &str) -> u32 {
    let headers = word(elf, 40);
    let count = u16::from_le_bytes([elf[60], elf[61]]);
    let names = word(elf, headers + 64 * usize::from(u16::from_le_bytes([elf[62], elf[63]])) + SH_OFFSET.0);
    let wanted = [name.as_bytes(), b"\0"].concat();
    let found = (0..count).find(|&index| {
        let header = headers + usize::from(index) * 64;
        let at = u32::from_le_bytes(elf[header..header + 4].try_into().unwrap()) as usize;
        elf[names + at..].starts_with(&wanted)
    });
    found.unwrap().into()
}

fn word(elf: &[u8], at: usize) -> usize {
    u64::from_le_bytes(elf[at..at + 8].try_into().unwrap()) as usize
}
