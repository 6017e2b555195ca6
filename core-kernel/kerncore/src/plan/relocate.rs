//! From addresses to patches.

use super::Plan;
use super::error::{PlanError, Why};
use super::layout::{SLOT_BYTES, Segment};
use super::relocation::{self, Kind, Relocation, Subject};
use super::symbols::Target;

/// Where everything was put.
#[derive(Clone, Copy, Debug)]
pub struct Bases<'a> {
    /// Address of the first byte of each segment, in the order of [`Segment::ALL`]; of no meaning for one without pages.
    pub segments: [u64; 3],
    /// Address of each import, by the number that it was given.
    pub imports: &'a [u64],
}

/// Bytes to be written over what was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patch {
    /// The segment.
    pub segment: Segment,
    /// Offset in it.
    pub offset: u64,
    /// Number of the import that the bytes refer to, if they do: its call sites and slots.
    pub import: Option<u16>,
    bytes: [u8; 8],
    width: u8,
}

impl Patch {
    /// What to write.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.width)]
    }
}

impl Plan<'_> {
    /// Computes every patch for the given addresses and hands each to `write`.
    ///
    /// # Errors
    /// A value that does not fit its place (the addresses are more than 2 GiB apart), an import without address, or
    /// what `write` answers. The caller drops what it has written.
    pub fn relocate<E: From<PlanError>>(
        &self,
        bases: &Bases<'_>,
        mut write: impl FnMut(Patch) -> Result<(), E>,
    ) -> Result<(), E> {
        self.fill_slots(bases, &mut write)?;
        for table in self.file.relocation_tables() {
            let table = table?;
            let Some(placed) = self.layout.placed(table.section) else { continue };
            for entry in table.entries {
                let subject = relocation::subject(table.section, entry);
                let checked =
                    relocation::check(&self.file, &self.layout, &self.symbols, subject, placed, entry)?;
                if let Some(relocation) = checked {
                    write(self.patch(bases, subject, &relocation)?)?;
                }
            }
        }
        Ok(())
    }

    fn fill_slots<E: From<PlanError>>(
        &self,
        bases: &Bases<'_>,
        write: &mut impl FnMut(Patch) -> Result<(), E>,
    ) -> Result<(), E> {
        for (symbol, slot) in self.symbols.slots() {
            let refuse = |why| PlanError::Symbol { symbol, why, value: slot };
            let target = self.symbols.target(&self.file, &self.layout, symbol).map_err(refuse)?;
            let address = address(bases, target).ok_or_else(|| refuse(Why::NoAddress))?;
            write(Patch {
                segment: Segment::ReadOnly,
                offset: self.layout.got() + slot * SLOT_BYTES,
                import: import(target),
                bytes: address.to_le_bytes(),
                width: SLOT_BYTES as u8,
            })?;
        }
        Ok(())
    }

    fn patch(
        &self,
        bases: &Bases<'_>,
        subject: Subject,
        relocation: &Relocation,
    ) -> Result<Patch, PlanError> {
        let Relocation { kind, segment, offset, symbol, target, addend } = *relocation;
        let referred = match kind {
            Kind::Slot32 => self.symbols.slot(symbol).map(|slot| {
                base(bases, Segment::ReadOnly).wrapping_add(self.layout.got() + slot * SLOT_BYTES)
            }),
            _ => address(bases, target),
        };
        let referred = referred.ok_or_else(|| subject.refuse(Why::NoAddress, addend))?;
        let place = base(bases, segment).wrapping_add(offset);
        let bytes =
            kind.value(referred, addend, place).map_err(|value| subject.refuse(Why::DoesNotFit, value))?;
        let import = if kind == Kind::Slot32 { None } else { import(target) };
        Ok(Patch { segment, offset, import, bytes, width: kind.width() as u8 })
    }
}

const fn import(target: Target) -> Option<u16> {
    match target {
        Target::Import(number) => Some(number),
        Target::Place { .. } => None,
    }
}

const fn base(bases: &Bases<'_>, segment: Segment) -> u64 {
    bases.segments[segment as usize]
}

fn address(bases: &Bases<'_>, target: Target) -> Option<u64> {
    match target {
        Target::Place { segment, section, offset, .. } => {
            Some(base(bases, segment).wrapping_add(section + offset))
        }
        Target::Import(number) => bases.imports.get(usize::from(number)).copied(),
    }
}
