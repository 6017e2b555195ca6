//! Which section goes where: three segments, filled in the order of the file.

use alloc::vec::Vec;

use object::LittleEndian as LE;
use object::elf::{
    self, SHF_ALLOC, SHF_COMPRESSED, SHF_EXECINSTR, SHF_TLS, SHF_WRITE, SHT_NOBITS, SHT_NOTE, SHT_PROGBITS,
};

use super::error::{PlanError, Why};
use super::file::{ObjectFile, SectionHeader};
use super::{MAX_IMAGE_BYTES, PAGE_BYTES};

/// A run of pages of one protection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Code: read and execute.
    Text,
    /// Constants and the global offset table: read.
    ReadOnly,
    /// Variables: read and write.
    Data,
}

impl Segment {
    /// All of them, in the order of their numbers.
    pub const ALL: [Segment; 3] = [Segment::Text, Segment::ReadOnly, Segment::Data];
}

/// Bytes to be copied into a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content<'elf> {
    /// The segment.
    pub segment: Segment,
    /// Offset in it.
    pub offset: u64,
    /// The bytes.
    pub bytes: &'elf [u8],
}

/// Where a section lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) segment: Segment,
    pub(super) offset: u64,
    pub(super) bytes: u64,
}

/// Where everything lies.
#[derive(Debug)]
pub(super) struct Layout {
    sections: Vec<Option<Placed>>,
    bytes: [u64; 3],
    got: u64,
}

/// Bytes of one slot of the global offset table.
pub(super) const SLOT_BYTES: u64 = 8;

impl Layout {
    pub(super) fn new(file: &ObjectFile<'_>) -> Result<Self, PlanError> {
        let mut sections = Vec::new();
        sections.try_reserve_exact(file.sections.len()).map_err(|_| PlanError::OutOfMemory)?;
        let mut layout = Layout { sections, bytes: [0; 3], got: 0 };
        layout.sections.push(None);
        for (index, section) in file.numbered_sections() {
            let placed = match segment_of(file, index, section)? {
                Some(segment) => Some(layout.place(file, index, section, segment)?),
                None => None,
            };
            layout.sections.push(placed);
        }
        Ok(layout)
    }

    fn place(
        &mut self,
        file: &ObjectFile<'_>,
        index: u32,
        section: &SectionHeader,
        segment: Segment,
    ) -> Result<Placed, PlanError> {
        let align = section.sh_addralign.get(LE).max(1);
        if !align.is_power_of_two() || align > PAGE_BYTES {
            return Err(PlanError::Section { section: index, why: Why::Alignment, value: align });
        }
        let bytes = section.sh_size.get(LE);
        file.contents(index)?;
        let offset = self.append(segment, align, bytes).ok_or(PlanError::ImageTooLarge { section: index })?;
        Ok(Placed { segment, offset, bytes })
    }

    /// Appends to a segment; `None` if the image becomes too large.
    fn append(&mut self, segment: Segment, align: u64, bytes: u64) -> Option<u64> {
        let offset = self.bytes(segment).checked_next_multiple_of(align)?;
        let end = offset.checked_add(bytes).filter(|&end| end <= MAX_IMAGE_BYTES)?;
        self.bytes[segment as usize] = end;
        (self.bytes.iter().sum::<u64>() <= MAX_IMAGE_BYTES).then_some(offset)
    }

    /// Makes room for `slots` slots of the global offset table at the end of the read-only segment.
    pub(super) fn add_got(&mut self, slots: u64) -> Result<(), PlanError> {
        if slots > 0 {
            let got = self.append(Segment::ReadOnly, SLOT_BYTES, slots * SLOT_BYTES);
            self.got = got.ok_or(PlanError::ImageTooLarge { section: 0 })?;
        }
        Ok(())
    }

    /// Offset of the global offset table in the read-only segment.
    pub(super) const fn got(&self) -> u64 {
        self.got
    }

    pub(super) const fn bytes(&self, segment: Segment) -> u64 {
        self.bytes[segment as usize]
    }

    /// Where section `index` lies, if there is one and it is loaded.
    pub(super) fn placed(&self, index: u32) -> Option<Placed> {
        self.sections.get(index as usize).copied().flatten()
    }

    pub(super) fn contents<'elf>(&self, file: &ObjectFile<'elf>) -> impl Iterator<Item = Content<'elf>> {
        (0..).zip(&self.sections).filter_map(|(index, placed)| {
            let Placed { segment, offset, .. } = (*placed)?;
            let bytes = file.contents(index).expect("Layout::place has read them");
            (!bytes.is_empty()).then_some(Content { segment, offset, bytes })
        })
    }
}

/// The segment for a section; `None` if it is not loaded.
fn segment_of(
    file: &ObjectFile<'_>,
    index: u32,
    section: &SectionHeader,
) -> Result<Option<Segment>, PlanError> {
    let (kind, flags) = (section.sh_type.get(LE), section.sh_flags.get(LE).0);
    let has = |flag: elf::SectionFlags| flags & flag.0 != 0;
    let refuse = |why, value| Err(PlanError::Section { section: index, why, value });
    if has(SHF_TLS) {
        return refuse(Why::ThreadLocal, flags);
    }
    if is_constructors(kind) || (has(SHF_ALLOC) && has_constructors_name(file, index)) {
        return refuse(Why::Constructors, kind.0.into());
    }
    if is_foreign_relocation(kind) {
        return refuse(Why::Type, kind.0.into());
    }
    if !has(SHF_ALLOC) {
        return Ok(None);
    }
    if ![SHT_PROGBITS, SHT_NOBITS, SHT_NOTE].contains(&kind) {
        return refuse(Why::Type, kind.0.into());
    }
    if has(SHF_COMPRESSED) {
        return refuse(Why::Compressed, flags);
    }
    match (has(SHF_WRITE), has(SHF_EXECINSTR)) {
        (true, true) => refuse(Why::WritableCode, flags),
        (true, false) => Ok(Some(Segment::Data)),
        (false, true) => Ok(Some(Segment::Text)),
        (false, false) => Ok(Some(Segment::ReadOnly)),
    }
}

fn is_constructors(kind: elf::SectionType) -> bool {
    [elf::SHT_INIT_ARRAY, elf::SHT_FINI_ARRAY, elf::SHT_PREINIT_ARRAY].contains(&kind)
}

/// Relocations in forms other than RELA: to leave them undone would be to run other code than was signed.
fn is_foreign_relocation(kind: elf::SectionType) -> bool {
    [elf::SHT_REL, elf::SHT_RELR, elf::SHT_CREL].contains(&kind)
}

fn has_constructors_name(file: &ObjectFile<'_>, index: u32) -> bool {
    let names: [&[u8]; 5] = [b".ctors", b".dtors", b".init", b".fini", b".preinit_array"];
    file.section_name(index).is_some_and(|name| names.iter().any(|&start| name.starts_with(start)))
}
