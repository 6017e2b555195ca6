//! What a good object becomes: its layout and every patch.

use alloc::vec;
use alloc::vec::Vec;

use object::elf;

use super::sample::{IMPORTS, Sample, plan};
use crate::plan::{Bases, Patch, Plan, PlanError, Segment, Where, Why};

const TEXT: u64 = 0xffff_ffff_a000_0000;
const READ_ONLY: u64 = 0xffff_ffff_a000_1000;
const DATA: u64 = 0xffff_ffff_a000_2000;
const WRITE_LINE: u64 = 0xffff_ffff_8012_3450;
const BASES: Bases<'_> =
    Bases { segments: [TEXT, READ_ONLY, DATA], imports: &[WRITE_LINE, 0xffff_ffff_8000_0010] };

fn patches(plan: &Plan<'_>, bases: &Bases<'_>) -> Result<Vec<Patch>, PlanError> {
    let mut patches = Vec::new();
    plan.relocate(bases, |patch| {
        patches.push(patch);
        Ok::<_, PlanError>(())
    })?;
    Ok(patches)
}

#[test]
fn sections_go_to_the_segment_of_their_protection() {
    let elf = Sample::complete().write();
    let plan = plan(&elf).unwrap();
    // Two slots of the global offset table follow the constants; the zeros follow the variables, aligned to 32.
    assert_eq!(Segment::ALL.map(|segment| plan.bytes(segment)), [64, 48 + 16, 32 + 40]);
    assert_eq!(Segment::ALL.map(|segment| plan.pages(segment)), [1, 1, 1]);
    assert_eq!(plan.descriptor(), Where { segment: Segment::ReadOnly, offset: 16 });
    assert_eq!(plan.symbol("scratch"), Some(Where { segment: Segment::Data, offset: 32 }));
    assert_eq!(plan.symbol(IMPORTS[0]), None);
    let contents: Vec<_> =
        plan.contents().map(|content| (content.segment, content.offset, content.bytes[0])).collect();
    assert_eq!(contents, [(Segment::Text, 0, 0xcc), (Segment::ReadOnly, 0, 0x11), (Segment::Data, 0, 0x22)]);
}

#[test]
fn a_backtrace_finds_the_procedure_around_an_offset() {
    let elf = Sample::complete().write();
    let plan = plan(&elf).unwrap();
    assert_eq!(plan.text_symbol_at(16).unwrap().name, "start");
    assert_eq!(plan.text_symbol_at(47).map(|symbol| symbol.offset), Some(16));
    assert_eq!((plan.text_symbol_at(15), plan.text_symbol_at(48)), (None, None));
}

/// Segment, offset, width, value, import: what the psABI's formulas give for the addresses above.
#[test]
fn every_kind_of_relocation_is_computed_as_the_abi_says() {
    let elf = Sample::complete().write();
    let patches = patches(&plan(&elf).unwrap(), &BASES).unwrap();
    let (got, start, low) = (READ_ONLY + 48, TEXT + 16, |value: u64| value & 0xffff_ffff);
    let expected = [
        (Segment::ReadOnly, 56, 8, start, None),
        (Segment::ReadOnly, 48, 8, WRITE_LINE, Some(0)),
        (Segment::Text, 0, 4, low(WRITE_LINE.wrapping_sub(4 + TEXT)), Some(0)),
        (Segment::Text, 4, 4, low(start.wrapping_sub(4 + TEXT + 4)), None),
        (Segment::Text, 8, 4, low((DATA + 8).wrapping_sub(5 + TEXT + 8)), None),
        (Segment::Text, 12, 4, low(DATA + 32 + 8), None),
        (Segment::Text, 16, 8, READ_ONLY + 16, None),
        (Segment::Text, 24, 4, low(got.wrapping_sub(4 + TEXT + 24)), None),
        (Segment::Text, 28, 4, low((got + 8).wrapping_sub(4 + TEXT + 28)), None),
        (Segment::Text, 32, 4, low(got.wrapping_sub(4 + TEXT + 32)), None),
        (Segment::ReadOnly, 24, 8, start, None),
        (Segment::ReadOnly, 32, 8, WRITE_LINE, Some(0)),
    ];
    let shown: Vec<_> = patches
        .iter()
        .map(|patch| {
            let mut value = [0; 8];
            value[..patch.bytes().len()].copy_from_slice(patch.bytes());
            (patch.segment, patch.offset, patch.bytes().len(), u64::from_le_bytes(value), patch.import)
        })
        .collect();
    assert_eq!(shown, expected);
}

#[test]
fn every_patch_lies_inside_its_segment() {
    let elf = Sample::complete().write();
    let plan = plan(&elf).unwrap();
    for patch in patches(&plan, &BASES).unwrap() {
        assert!(patch.offset + patch.bytes().len() as u64 <= plan.bytes(patch.segment));
    }
}

#[test]
fn the_same_bytes_make_the_same_plan_at_any_alignment() {
    let elf = Sample::complete().write();
    let expected = patches(&plan(&elf).unwrap(), &BASES).unwrap();
    for shift in 1..8 {
        let shifted = [vec![0; shift], elf.clone()].concat();
        assert_eq!(patches(&plan(&shifted[shift..]).unwrap(), &BASES).unwrap(), expected);
    }
}

#[test]
fn addresses_too_far_apart_are_refused_and_never_cut() {
    let why = |bases: &Bases<'_>| {
        let elf = Sample::complete().write();
        match patches(&plan(&elf).unwrap(), bases).unwrap_err() {
            PlanError::Relocation { why, .. } | PlanError::Symbol { why, .. } => why,
            other => panic!("{other}"),
        }
    };
    assert_eq!(why(&Bases { imports: &[TEXT - (2 << 30) - 64, 0], ..BASES }), Why::DoesNotFit);
    assert_eq!(why(&Bases { segments: [TEXT, READ_ONLY, 0xffff_8000_0000_0000], ..BASES }), Why::DoesNotFit);
    assert_eq!(why(&Bases { imports: &[], ..BASES }), Why::NoAddress);
}

#[test]
fn the_32_bit_kinds_take_what_the_processor_extends_back() {
    let fits = |kind, data: u64| {
        let mut sample = Sample::new();
        sample.relocate(sample.text, 0, kind, sample.counter, -8);
        let elf = sample.write();
        patches(&plan(&elf).unwrap(), &Bases { segments: [0, 0, data], ..BASES }).is_ok()
    };
    for (kind, data, expected) in [
        (elf::R_X86_64_32, 0, true),
        (elf::R_X86_64_32, 0xffff_ffff, true),
        (elf::R_X86_64_32, 0x1_0000_0000, false),
        (elf::R_X86_64_32, 0xffff_ffff_8000_0000, false),
        (elf::R_X86_64_32S, 0x7fff_ffff, true),
        (elf::R_X86_64_32S, 0x8000_0000, false),
        (elf::R_X86_64_32S, 0xffff_ffff_8000_0000, true),
        (elf::R_X86_64_32S, 0xffff_ffff_7fff_ffff, false),
        (elf::R_X86_64_PC32, 0x7fff_ffff, true),
        (elf::R_X86_64_PC32, 0x8000_0000, false),
        (elf::R_X86_64_PC32, 0xffff_ffff_8000_0000, true),
        (elf::R_X86_64_PC32, 0xffff_ffff_7fff_ffff, false),
    ] {
        assert_eq!(fits(kind, data), expected, "{kind:?} {data:#x}");
    }
}
