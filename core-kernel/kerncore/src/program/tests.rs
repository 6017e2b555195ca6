//! Executables made by hand: one that is right, and one wrong thing at a time.

use super::{Access, MAX_HEADERS, MAX_PROGRAM_BYTES, Program, ProgramError, Segment};
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;
use proptest::prelude::*;

const RANGE: Range<u64> = 0x1_0000..0x7fff_ffff_f000;
const HEADER_BYTES: usize = 64;
const PROGRAM_HEADER_BYTES: usize = 56;
const CONTENTS: &[u8] = b"what the file has of the segment";
const LOAD: u32 = 1;
const R: u32 = 4;
const W: u32 = 2;
const X: u32 = 1;

/// A program header, with contents at the end of the file.
#[derive(Clone, Copy)]
struct Part {
    kind: u32,
    flags: u32,
    address: u64,
    file_bytes: u64,
    memory_bytes: u64,
}

const TEXT: Part = Part { kind: LOAD, flags: R | X, address: 0x40_1010, file_bytes: 16, memory_bytes: 16 };
const DATA: Part = Part { kind: LOAD, flags: R | W, address: 0x40_3ff0, file_bytes: 8, memory_bytes: 0x2000 };

fn file(parts: &[Part]) -> Vec<u8> {
    let contents_at = (HEADER_BYTES + parts.len() * PROGRAM_HEADER_BYTES) as u64;
    let mut file = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let half = |file: &mut Vec<u8>, value: u16| file.extend(value.to_le_bytes());
    half(&mut file, 2);
    half(&mut file, 62);
    file.extend(1u32.to_le_bytes());
    for word in [0x40_1010u64, HEADER_BYTES as u64, 0] {
        file.extend(word.to_le_bytes());
    }
    file.extend(0u32.to_le_bytes());
    for value in [HEADER_BYTES, PROGRAM_HEADER_BYTES, parts.len(), 64, 0, 0] {
        half(&mut file, value as u16);
    }
    for part in parts {
        file.extend(part.kind.to_le_bytes());
        file.extend(part.flags.to_le_bytes());
        for word in [contents_at, part.address, part.address, part.file_bytes, part.memory_bytes, 4096] {
            file.extend(word.to_le_bytes());
        }
    }
    file.extend(CONTENTS);
    file
}

fn refusal(parts: &[Part]) -> Option<ProgramError> {
    Program::parse(&file(parts), RANGE).err()
}

#[test]
fn segments_become_whole_pages() {
    let file = file(&[TEXT, DATA]);
    let program = Program::parse(&file, RANGE).unwrap();
    let segments: Vec<_> = program.segments().collect();
    let text = Segment {
        first_page: 0x40_1000,
        pages: 1,
        access: Access::ReadExecute,
        address: 0x40_1010,
        contents: &CONTENTS[..16],
    };
    let data = Segment {
        first_page: 0x40_3000,
        pages: 3,
        access: Access::ReadWrite,
        address: 0x40_3ff0,
        contents: &CONTENTS[..8],
    };
    assert_eq!(segments, [text, data]);
    assert_eq!(program.entry(), 0x40_1010);
}

#[test]
fn what_is_not_loaded_needs_no_place() {
    let stack = Part { kind: 0x6474_e551, flags: R | W | X, ..TEXT };
    let empty = Part { file_bytes: 0, memory_bytes: 0, ..DATA };
    let file = file(&[stack, TEXT, empty]);
    assert_eq!(Program::parse(&file, RANGE).unwrap().segments().count(), 1);
}

#[test]
fn memory_must_be_the_programs_to_have() {
    for (address, memory_bytes) in [
        (0, 16),
        (0xf000, 0x2000),
        (0x7fff_ffff_e000, 0x1001),
        (0x7fff_ffff_f000, 16),
        (0xffff_8000_0000_0000, 16),
        (0xffff_ffff_8000_0000, 16),
        (u64::MAX - 8, 16),
        (u64::MAX - 16, 16),
        (0x50_0000, u64::MAX),
        (0x50_0000, 1 << 47),
    ] {
        let part = Part { address, file_bytes: 8, memory_bytes, ..DATA };
        let outside = ProgramError::OutsideRange { header: 1, address };
        assert_eq!(refusal(&[TEXT, part]), Some(outside), "{address:#x}, {memory_bytes:#x} bytes");
    }
}

#[test]
fn contents_must_lie_in_the_file_and_in_the_segment() {
    for (file_bytes, memory_bytes) in [(17, 16), (33, 64), (u64::MAX, u64::MAX)] {
        let part = Part { file_bytes, memory_bytes, ..DATA };
        assert_eq!(refusal(&[TEXT, part]), Some(ProgramError::OutsideFile { header: 1 }));
    }
}

#[test]
fn no_page_is_writable_and_executable_or_out_of_reach() {
    for flags in [R | W | X, W | X, X, W, 0] {
        let part = Part { flags, ..DATA };
        assert_eq!(refusal(&[TEXT, part]), Some(ProgramError::Access { header: 1 }), "flags {flags}");
    }
}

#[test]
fn no_page_is_in_two_segments() {
    let same_page = Part { address: 0x40_1800, memory_bytes: 16, ..DATA };
    assert_eq!(refusal(&[TEXT, same_page]), Some(ProgramError::Overlap { header: 1, other: 0 }));
    let around = Part { address: 0x40_0000, memory_bytes: 0x10000, ..DATA };
    assert_eq!(refusal(&[TEXT, around]), Some(ProgramError::Overlap { header: 1, other: 0 }));
}

#[test]
fn a_program_has_a_largest_size_and_few_headers() {
    let large = Part { address: 0x100_0000, memory_bytes: MAX_PROGRAM_BYTES, ..DATA };
    assert_eq!(refusal(&[TEXT, large]), Some(ProgramError::TooLarge { header: 1 }));
    assert_eq!(refusal(&[TEXT; MAX_HEADERS + 1]), Some(ProgramError::TooManyHeaders(MAX_HEADERS + 1)));
}

#[test]
fn the_entry_is_code() {
    let elsewhere = Part { address: 0x60_0000, ..TEXT };
    assert_eq!(refusal(&[elsewhere]), Some(ProgramError::Entry { address: 0x40_1010 }));
    let data = Part { flags: R | W, ..TEXT };
    assert_eq!(refusal(&[data]), Some(ProgramError::Entry { address: 0x40_1010 }));
}

#[test]
fn what_needs_a_linker_or_is_none_is_refused() {
    for kind in [2, 3, 7] {
        assert_eq!(refusal(&[TEXT, Part { kind, ..DATA }]), Some(ProgramError::NotStatic { header: 1 }));
    }
    let good = file(&[TEXT]);
    let with = |at: usize, value: u8| {
        let mut bytes = good.clone();
        bytes[at] = value;
        Program::parse(&bytes, RANGE).err()
    };
    assert_eq!(with(0, 0), Some(ProgramError::NotElf));
    assert_eq!(with(4, 1), Some(ProgramError::NotElf));
    assert_eq!(with(16, 3), Some(ProgramError::NotExecutable));
    assert_eq!(with(18, 40), Some(ProgramError::NotExecutable));
    assert_eq!(with(56, 255), Some(ProgramError::Headers));
}

#[test]
fn every_cut_is_refused_or_harmless() {
    let whole = file(&[TEXT, DATA]);
    for length in 0..whole.len() {
        if let Ok(program) = Program::parse(&whole[..length], RANGE) {
            assert!(program.segments().all(|segment| segment.contents.len() <= 16));
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_accepted_keeps_the_promises(
        changes in prop::collection::vec((0..HEADER_BYTES + 2 * PROGRAM_HEADER_BYTES, any::<u8>()), 1..6)
    ) {
        let mut bytes = file(&[TEXT, DATA]);
        for (at, value) in changes {
            bytes[at] = value;
        }
        let Ok(program) = Program::parse(&bytes, RANGE) else { return Ok(()) };
        let segments: Vec<_> = program.segments().collect();
        let mut executable = false;
        for (index, segment) in segments.iter().enumerate() {
            let pages = segment.page_range();
            prop_assert!(RANGE.start <= pages.start && pages.end <= RANGE.end);
            prop_assert!(pages.contains(&segment.address));
            prop_assert!(segment.address + segment.contents.len() as u64 <= pages.end);
            let apart = |other: &Segment<'_>| other.page_range().end <= pages.start || pages.end <= other.first_page;
            prop_assert!(segments[..index].iter().all(apart));
            executable |= segment.access == Access::ReadExecute && pages.contains(&program.entry());
        }
        prop_assert!(executable);
    }
}
