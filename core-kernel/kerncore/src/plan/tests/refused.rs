//! Each reason for which an object is refused, and how the refusal reads.

use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use object::elf;
use object::write::{Symbol, SymbolSection};
use object::{SectionKind, SymbolFlags, SymbolKind, SymbolScope};

use super::sample::{
    SH_ALIGN, SH_FLAGS, SH_INFO, SH_OFFSET, SH_SIZE, SH_TYPE, Sample, contents_at, define, plan, spoil,
    undefined,
};
use crate::plan::{HeaderField, MAX_IMAGE_BYTES, PlanError, Table, Why};

const ALLOC: u64 = elf::SHF_ALLOC.0;
const WRITE: u64 = elf::SHF_WRITE.0;
const EXECUTE: u64 = elf::SHF_EXECINSTR.0;

fn refusal(elf: &[u8]) -> PlanError {
    plan(elf).map(drop).expect_err("this object is to be refused")
}

fn spoilt(name: &str, field: (usize, usize), value: u64) -> PlanError {
    let mut elf = Sample::complete().write();
    spoil(&mut elf, name, field, value);
    refusal(&elf)
}

/// A relocation of text that is refused.
fn relocation(offset: u64, kind: elf::RelocationType, addend: i64) -> Why {
    let mut sample = Sample::new();
    sample.relocate(sample.text, offset, kind, sample.start, addend);
    why(refusal(&sample.write()))
}

fn why(error: PlanError) -> Why {
    match error {
        PlanError::Section { why, .. }
        | PlanError::Symbol { why, .. }
        | PlanError::Relocation { why, .. } => why,
        other => panic!("{other}"),
    }
}

#[test]
fn files_of_other_kinds() {
    assert_eq!(refusal(b""), PlanError::NotElf);
    assert_eq!(refusal(&[0; 4096]), PlanError::NotElf);
    let header = |at: usize, value: u8| {
        let mut elf = Sample::complete().write();
        elf[at] = value;
        match refusal(&elf) {
            PlanError::Header { field, found, .. } => (field, found),
            other => panic!("{other}"),
        }
    };
    assert_eq!(header(4, 1), (HeaderField::Class, 1));
    assert_eq!(header(5, 2), (HeaderField::ByteOrder, 2));
    assert_eq!(header(16, 3), (HeaderField::Type, 3));
    assert_eq!(header(18, 40), (HeaderField::Machine, 40));
}

#[test]
fn sections_outside_the_file_or_of_overflowing_size() {
    for size in [u64::MAX, u64::MAX - 63, 1 << 63, 1 << 32, 1 << 20] {
        assert_eq!(why(spoilt(".text", SH_SIZE, size)), Why::Outside, "{size:#x}");
    }
    for offset in [u64::MAX, u64::MAX - 8, 1 << 32, 1 << 20] {
        assert_eq!(why(spoilt(".data", SH_OFFSET, offset)), Why::Outside, "{offset:#x}");
    }
    for size in [u64::MAX, u64::MAX - 40, MAX_IMAGE_BYTES + 1] {
        let refused = spoilt(".bss", SH_SIZE, size);
        assert!(matches!(refused, PlanError::ImageTooLarge { .. }), "{size:#x}: {refused}");
    }
}

#[test]
fn sections_that_must_not_be_loaded() {
    assert_eq!(why(spoilt(".data", SH_FLAGS, ALLOC | WRITE | EXECUTE)), Why::WritableCode);
    assert_eq!(why(spoilt(".data", SH_FLAGS, ALLOC | WRITE | elf::SHF_TLS.0)), Why::ThreadLocal);
    assert_eq!(why(spoilt(".data", SH_FLAGS, ALLOC | WRITE | elf::SHF_COMPRESSED.0)), Why::Compressed);
    for kind in [elf::SHT_INIT_ARRAY, elf::SHT_FINI_ARRAY, elf::SHT_PREINIT_ARRAY] {
        assert_eq!(why(spoilt(".data", SH_TYPE, kind.0.into())), Why::Constructors);
    }
    for kind in [elf::SHT_DYNAMIC.0, elf::SHT_SYMTAB_SHNDX.0, elf::SHT_REL.0, 0x7000_0001, u32::MAX] {
        assert_eq!(why(spoilt(".data", SH_TYPE, kind.into())), Why::Type, "{kind:#x}");
    }
    let mut sample = Sample::new();
    let section = sample.object.add_section(Vec::new(), b".ctors.1".to_vec(), SectionKind::Data);
    sample.object.append_section_data(section, &[0; 8], 8);
    assert_eq!(why(refusal(&sample.write())), Why::Constructors);
}

#[test]
fn alignments_that_pages_cannot_give() {
    for align in [3, 24, 8192, 1 << 63, u64::MAX] {
        assert_eq!(why(spoilt(".text", SH_ALIGN, align)), Why::Alignment, "{align:#x}");
    }
}

#[test]
fn relocations_out_of_range_or_outside_their_section() {
    for offset in [61, 64, 1 << 20, u64::MAX - 3, u64::MAX] {
        assert_eq!(relocation(offset, elf::R_X86_64_PC32, -4), Why::Outside, "{offset:#x}");
    }
    assert_eq!(relocation(57, elf::R_X86_64_64, 0), Why::Outside);
}

#[test]
fn relocations_of_kinds_that_the_loader_does_not_know() {
    use elf::{R_X86_64_16, R_X86_64_COPY, R_X86_64_IRELATIVE, R_X86_64_RELATIVE, R_X86_64_TPOFF32};
    for kind in [R_X86_64_16, R_X86_64_COPY, R_X86_64_IRELATIVE, R_X86_64_RELATIVE, R_X86_64_TPOFF32] {
        assert_eq!(relocation(0, kind, 0), Why::Kind);
    }
}

#[test]
fn references_that_reach_out_of_what_they_name() {
    // `start` is at 16 of 64 bytes of text.
    for addend in [-21, 44, 1 << 20, i64::MIN, i64::MAX] {
        assert_eq!(relocation(0, elf::R_X86_64_PLT32, addend), Why::Target, "call {addend}");
    }
    for addend in [0, -3, -9, 4096] {
        assert_eq!(relocation(0, elf::R_X86_64_GOTPCREL, addend), Why::Target, "slot {addend}");
    }
    let pointer = |addend| {
        let mut sample = Sample::new();
        sample.relocate(sample.constants, 24, elf::R_X86_64_64, sample.counter, addend);
        plan(&sample.write()).map(drop).map_err(why)
    };
    // `counter` is at 8 of 24 bytes.
    assert_eq!((pointer(-8), pointer(16)), (Ok(()), Ok(())));
    assert_eq!((pointer(-9), pointer(17)), (Err(Why::Target), Err(Why::Target)));
    let mut sample = Sample::new();
    sample.relocate(sample.text, 0, elf::R_X86_64_PLT32, sample.write_line, 12);
    assert_eq!(why(refusal(&sample.write())), Why::Target);
    let mut sample = Sample::new();
    sample.relocate(sample.text, 0, elf::R_X86_64_PLT32, sample.counter, -4);
    assert_eq!(why(refusal(&sample.write())), Why::Target, "a call of data");
}

#[test]
fn undefined_symbols_that_are_no_imports_are_named() {
    let mut sample = Sample::complete();
    undefined(&mut sample.object, "spindle.console.write_lime");
    let elf = sample.write();
    let error = refusal(&elf);
    assert_eq!(why(error), Why::Undefined);
    let shown = error.explain(&elf).to_string();
    assert!(shown.ends_with("is `spindle.console.write_lime`"), "{shown}");
}

#[test]
fn symbols_with_addresses_of_their_own() {
    let refused = |section, kind, value| {
        let mut sample = Sample::new();
        let (scope, flags) = (SymbolScope::Linkage, SymbolFlags::None);
        let name = b"other".to_vec();
        sample.object.add_symbol(Symbol { name, value, size: 8, kind, scope, weak: false, section, flags });
        why(refusal(&sample.write()))
    };
    assert_eq!(refused(SymbolSection::Absolute, SymbolKind::Text, 0x1000), Why::Absolute);
    assert_eq!(refused(SymbolSection::Common, SymbolKind::Data, 8), Why::Common);
    let outside = |value, size| {
        let mut sample = Sample::new();
        define(&mut sample.object, "other", sample.text, SymbolKind::Text, value, size);
        why(refusal(&sample.write()))
    };
    assert_eq!(outside(65, 0), Why::Outside);
    assert_eq!(outside(60, 5), Why::Outside);
    assert_eq!(outside(8, u64::MAX), Why::Outside);
    assert_eq!(outside(u64::MAX, 1), Why::Outside);
}

#[test]
fn an_object_without_a_descriptor_or_with_one_out_of_place() {
    let mut sample = Sample::complete();
    sample.object.symbol_mut(sample.descriptor).name = b"spindle_extensions".to_vec();
    assert_eq!(refusal(&sample.write()), PlanError::NoDescriptor);
    for (value, size) in [(16, 24), (12, 32), (0, 40)] {
        let mut sample = Sample::complete();
        let symbol = sample.object.symbol_mut(sample.descriptor);
        (symbol.value, symbol.size) = (value, size);
        assert_eq!(why(refusal(&sample.write())), Why::Descriptor, "{value} {size}");
    }
    let mut sample = Sample::complete();
    let (text, symbol) = (sample.text, sample.descriptor);
    sample.object.symbol_mut(symbol).section = SymbolSection::Section(text);
    assert_eq!(why(refusal(&sample.write())), Why::Descriptor);
}

#[test]
fn tables_outside_the_file() {
    let table = |error| match error {
        PlanError::Table { table } => table,
        other => panic!("{other}"),
    };
    let mut elf = Sample::complete().write();
    elf[40..48].copy_from_slice(&(u64::MAX - 63).to_le_bytes());
    assert_eq!(table(refusal(&elf)), Table::Sections);
    assert_eq!(table(spoilt(".symtab", SH_SIZE, u64::MAX)), Table::Symbols);
    assert_eq!(table(spoilt(".strtab", SH_OFFSET, u64::MAX)), Table::SymbolNames);
    assert_eq!(table(spoilt(".shstrtab", SH_OFFSET, u64::MAX)), Table::SectionNames);
    assert_eq!(table(spoilt(".rela.text", SH_SIZE, u64::MAX)), Table::Relocations);
    for section in [0, 1000, u64::from(u32::MAX)] {
        assert_eq!(table(spoilt(".rela.text", SH_INFO, section)), Table::Relocations);
    }
}

#[test]
fn relocations_to_symbols_that_are_not_there() {
    for symbol in [0u32, 1000, u32::MAX] {
        let mut elf = Sample::complete().write();
        let first = contents_at(&elf, ".rela.text") + 12;
        elf[first..first + 4].copy_from_slice(&symbol.to_le_bytes());
        assert_eq!(why(refusal(&elf)), Why::NoSymbol, "{symbol}");
    }
}

#[test]
fn more_entries_than_any_extension_has() {
    let mut sample = Sample::new();
    for _ in 0..=crate::plan::MAX_SYMBOLS {
        define(&mut sample.object, "x", sample.text, SymbolKind::Text, 0, 1);
    }
    let refused = refusal(&sample.write());
    assert!(matches!(refused, PlanError::TooMany { table: Table::Symbols, .. }), "{refused}");
    let huge = vec![0; 64 << 20];
    assert_eq!(refusal(&huge), PlanError::NotElf);
}
