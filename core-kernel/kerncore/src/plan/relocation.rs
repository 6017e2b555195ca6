//! One relocation: its kind, its arithmetic, and what has to hold before it may be done.
//!
//! The formulas are those of the x86_64 psABI: S symbol, A addend, P place, G slot of the global offset table.

use object::LittleEndian as LE;
use object::elf::{
    R_X86_64_32, R_X86_64_32S, R_X86_64_64, R_X86_64_GOTPCREL, R_X86_64_GOTPCRELX, R_X86_64_NONE,
    R_X86_64_PC32, R_X86_64_PLT32, R_X86_64_REX_GOTPCRELX, RelocationType,
};

use super::MAX_RELOCATIONS;
use super::error::{PlanError, Table, Why};
use super::file::{ObjectFile, Rela};
use super::layout::{Layout, Placed, Segment};
use super::symbols::{Symbols, Target};

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// S + A, 64 bits.
    Absolute64,
    /// S + A, 32 bits, zero-extended by the processor.
    Unsigned32,
    /// S + A, 32 bits, sign-extended by the processor.
    Signed32,
    /// S + A - P, 32 bits: data, or a jump.
    Relative32,
    /// S + A - P, 32 bits: a call.
    Call32,
    /// G + A - P, 32 bits.
    Slot32,
}

impl Kind {
    /// `None` for an unknown kind.
    pub(super) fn of(number: RelocationType) -> Option<Kind> {
        match number {
            R_X86_64_64 => Some(Kind::Absolute64),
            R_X86_64_32 => Some(Kind::Unsigned32),
            R_X86_64_32S => Some(Kind::Signed32),
            R_X86_64_PC32 => Some(Kind::Relative32),
            R_X86_64_PLT32 => Some(Kind::Call32),
            R_X86_64_GOTPCREL | R_X86_64_GOTPCRELX | R_X86_64_REX_GOTPCRELX => Some(Kind::Slot32),
            _ => None,
        }
    }

    /// Bytes that are patched.
    pub(super) const fn width(self) -> u64 {
        match self {
            Kind::Absolute64 => 8,
            _ => 4,
        }
    }

    const fn is_relative(self) -> bool {
        matches!(self, Kind::Relative32 | Kind::Call32 | Kind::Slot32)
    }

    /// What is written at `place` for a target (a symbol, or its slot) at `target`; `Err` is what does not fit.
    pub(super) fn value(self, target: u64, addend: i64, place: u64) -> Result<[u8; 8], i64> {
        let sum = target.wrapping_add_signed(addend);
        let value = if self.is_relative() { sum.wrapping_sub(place) } else { sum };
        let fits = match self {
            Kind::Absolute64 => true,
            Kind::Unsigned32 => u32::try_from(value).is_ok(),
            _ => i32::try_from(value.cast_signed()).is_ok(),
        };
        if fits { Ok(value.to_le_bytes()) } else { Err(value.cast_signed()) }
    }
}

/// A relocation that may be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Relocation {
    pub(super) kind: Kind,
    pub(super) segment: Segment,
    /// Offset of the patched bytes in that segment; they lie inside their section.
    pub(super) offset: u64,
    pub(super) symbol: u32,
    pub(super) target: Target,
    pub(super) addend: i64,
}

/// Names a relocation when it is refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject {
    section: u32,
    offset: u64,
    symbol: u32,
}

impl Subject {
    pub(super) fn refuse(self, why: Why, value: i64) -> PlanError {
        let Subject { section, offset, symbol } = self;
        PlanError::Relocation { section, offset, symbol, why, value }
    }
}

/// Checks every relocation of loaded sections, and gives slots to the symbols that need one.
pub(super) fn check_all(
    file: &ObjectFile<'_>,
    layout: &Layout,
    symbols: &mut Symbols,
) -> Result<(), PlanError> {
    let mut count = 0usize;
    for table in file.relocation_tables() {
        let table = table?;
        count = count.saturating_add(table.entries.len());
        if count > MAX_RELOCATIONS {
            return Err(PlanError::TooMany { table: Table::Relocations, count, limit: MAX_RELOCATIONS });
        }
        let Some(placed) = layout.placed(table.section) else { continue };
        for entry in table.entries {
            let subject = subject(table.section, entry);
            if let Some(relocation) = check(file, layout, symbols, subject, placed, entry)?
                && relocation.kind == Kind::Slot32
            {
                symbols.give_slot(relocation.symbol)?;
            }
        }
    }
    Ok(())
}

pub(super) fn subject(section: u32, entry: &Rela) -> Subject {
    Subject { section, offset: entry.r_offset.get(LE), symbol: entry.r_sym(LE, false) }
}

/// Checks one relocation of the section at `placed`; `None` if it asks for nothing.
pub(super) fn check(
    file: &ObjectFile<'_>,
    layout: &Layout,
    symbols: &Symbols,
    subject: Subject,
    placed: Placed,
    entry: &Rela,
) -> Result<Option<Relocation>, PlanError> {
    let (number, addend) = (entry.r_type(LE, false), entry.r_addend.get(LE));
    if number == R_X86_64_NONE {
        return Ok(None);
    }
    let kind = Kind::of(number).ok_or_else(|| subject.refuse(Why::Kind, number.0.into()))?;
    let end = subject.offset.checked_add(kind.width());
    if end.is_none_or(|end| end > placed.bytes) {
        return Err(subject.refuse(Why::Outside, subject.offset.cast_signed()));
    }
    let target = symbols.target(file, layout, subject.symbol).map_err(|why| subject.refuse(why, addend))?;
    if !in_reach(kind, placed.segment, target, addend) {
        return Err(subject.refuse(Why::Target, addend));
    }
    let (segment, offset) = (placed.segment, placed.offset + subject.offset);
    Ok(Some(Relocation { kind, segment, offset, symbol: subject.symbol, target, addend }))
}

/// Whether the addend keeps the reference inside what it refers to.
///
/// Compilers fold index arithmetic into the addends of instructions, so those of data references in text are free;
/// the others are not. A relative reference counts from the end of its instruction: 4 bytes after the place, and up
/// to 4 more for an immediate operand.
fn in_reach(kind: Kind, from: Segment, target: Target, addend: i64) -> bool {
    match (kind, target) {
        (Kind::Slot32, _) => (-8..=-4).contains(&addend),
        (_, Target::Import(_)) => addend == if kind.is_relative() { -4 } else { 0 },
        (Kind::Call32, Target::Place { segment, section_bytes, offset, .. }) => {
            let end = i128::from(offset) + i128::from(addend) + 4;
            segment == Segment::Text && (0..i128::from(section_bytes)).contains(&end)
        }
        (Kind::Absolute64, Target::Place { section_bytes, offset, .. }) if from != Segment::Text => {
            let sum = i128::from(offset) + i128::from(addend);
            (0..=i128::from(section_bytes)).contains(&sum)
        }
        _ => true,
    }
}
