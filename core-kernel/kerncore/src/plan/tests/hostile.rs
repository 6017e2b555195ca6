//! Whatever the bytes, a plan or a refusal: never a panic, never a patch outside.

use alloc::format;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::sample::{Sample, plan};
use crate::plan::{Bases, PAGE_BYTES, PlanError, Segment};

/// Goes through everything that a loader would do.
fn use_up(elf: &[u8]) {
    let plan = match plan(elf) {
        Ok(plan) => plan,
        Err(error) => {
            assert!(!format!("{}", error.explain(elf)).is_empty());
            return;
        }
    };
    for content in plan.contents() {
        assert!(content.offset + content.bytes.len() as u64 <= plan.bytes(content.segment));
    }
    assert!(plan.descriptor().offset + 32 <= plan.bytes(plan.descriptor().segment));
    let segments = [0xffff_ffff_a000_0000, 0xffff_ffff_a100_0000, 0xffff_ffff_a200_0000];
    let done = plan.relocate(&Bases { segments, imports: &[0xffff_ffff_8000_0000; 2] }, |patch| {
        assert!(patch.offset + patch.bytes().len() as u64 <= plan.bytes(patch.segment));
        Ok::<_, PlanError>(())
    });
    if let Err(error) = done {
        assert!(!format!("{}", error.explain(elf)).is_empty());
    }
    let _ = plan.text_symbols().map(|symbol| symbol.name.len()).sum::<usize>();
    assert!(
        Segment::ALL.iter().map(|&segment| plan.pages(segment)).sum::<u64>() <= (16 << 20) / PAGE_BYTES + 3
    );
}

#[test]
fn every_truncation() {
    let elf = Sample::complete().write();
    for end in 0..elf.len() {
        use_up(&elf[..end]);
    }
}

#[test]
fn every_flipped_bit() {
    let mut elf = Sample::complete().write();
    for bit in 0..elf.len() * 8 {
        elf[bit / 8] ^= 1 << (bit % 8);
        use_up(&elf);
        elf[bit / 8] ^= 1 << (bit % 8);
    }
}

proptest! {
    #[test]
    fn words_of_extreme_value_anywhere(spots in prop::collection::vec((any::<prop::sample::Index>(), extreme()), 1..6)) {
        let mut elf: Vec<u8> = Sample::complete().write();
        for (spot, value) in spots {
            let at = spot.index(elf.len() - 8);
            elf[at..at + 8].copy_from_slice(&value.to_le_bytes());
        }
        use_up(&elf);
    }

    #[test]
    fn bytes_without_any_sense(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        use_up(&bytes);
        let mut elf = Sample::complete().write();
        let start = elf.len().min(64);
        elf.truncate(start);
        elf.extend_from_slice(&bytes);
        use_up(&elf);
    }
}

fn extreme() -> impl Strategy<Value = u64> {
    prop_oneof![
        Just(0),
        Just(u64::MAX),
        Just(1 << 63),
        Just(i64::MAX.cast_unsigned()),
        Just(u64::from(u32::MAX)),
        (0u64..64).prop_map(|shift| 1 << shift),
        0u64..4096,
        any::<u64>(),
    ]
}
