//! The relocation planner (`kerncore::plan`).

use spindle_kerncore::plan::{Bases, Plan, PlanError, Segment};

/// What the object may import, by number.
const IMPORTS: [&str; 3] = ["spindle.bench.nothing", "spindle.clock.now", "spindle.console.write_line"];
const IMPORT_ADDRESSES: [u64; 3] = [0xffff_ffff_8000_1000, 0xffff_ffff_8000_2000, 0xffff_ffff_8000_3000];
/// As far apart as the kernel's layout puts them.
const BASES: [u64; 3] = [0xffff_ffff_a000_0000, 0xffff_ffff_c800_0000, 0xffff_ffff_ef00_0000];

/// Plans `elf`; what is accepted is copied and patched inside its segments (INV-PLAN-1).
///
/// # Panics
/// If one of that is not so.
pub fn check(elf: &[u8]) {
    let number = |name: &str| IMPORTS.iter().position(|&import| import == name).map(|at| at as u16);
    let plan = match Plan::new(elf, number) {
        Ok(plan) => plan,
        Err(error) => return explain(error, elf),
    };
    for content in plan.contents() {
        assert!(ends_within(&plan, content.segment, content.offset, content.bytes.len()), "INV-PLAN-1");
    }
    for symbol in plan.text_symbols() {
        assert!(symbol.offset <= plan.bytes(Segment::Text), "{}", symbol.name);
    }
    let descriptor = plan.descriptor();
    assert!(ends_within(&plan, descriptor.segment, descriptor.offset, 1), "the descriptor lies outside");
    relocate(&plan, elf);
}

fn relocate(plan: &Plan<'_>, elf: &[u8]) {
    let bases = Bases { segments: BASES, imports: &IMPORT_ADDRESSES };
    let relocated: Result<(), PlanError> = plan.relocate(&bases, |patch| {
        assert!(ends_within(plan, patch.segment, patch.offset, patch.bytes().len()), "INV-PLAN-1");
        Ok(())
    });
    relocated.unwrap_or_else(|error| explain(error, elf));
}

fn ends_within(plan: &Plan<'_>, segment: Segment, offset: u64, length: usize) -> bool {
    offset.checked_add(length as u64).is_some_and(|end| end <= plan.bytes(segment))
}

fn explain(error: PlanError, elf: &[u8]) {
    assert!(!error.explain(elf).to_string().is_empty());
}
