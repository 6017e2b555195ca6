//! An extension's code and data in memory: mapped as planned, patched, and never writable and executable.
//!
//! Everything is written through the physical window before anybody can run it; the pages are mapped with their
//! final protection from the start.

use crate::LoadError;
use crate::enter::native::EntryPoints;
use crate::id::DomainId;
use alloc::vec::Vec;
use spindle_abi::descriptor::ABI_VERSION;
use spindle_kerncore::plan::{Bases, Plan, PlanError, Segment, Where};
use spindle_mem::{Area, Protection, Region};

/// The mapped segments of an extension.
#[derive(Debug)]
pub(crate) struct Image {
    /// In the order of [`Segment::ALL`]; `None` where the plan has no pages.
    regions: [Option<Region>; 3],
}

/// What the extension's descriptor says, checked: every address lies in its text.
#[derive(Debug)]
pub(crate) struct Descriptor {
    pub(crate) entry_points: EntryPoints,
    pub(crate) handlers: Vec<u64>,
}

/// Why writing a planned image failed.
pub(crate) enum WriteError {
    Plan(PlanError),
    Memory(spindle_mem::Error),
}

impl From<PlanError> for WriteError {
    fn from(error: PlanError) -> Self {
        Self::Plan(error)
    }
}

impl From<spindle_mem::Error> for WriteError {
    fn from(error: spindle_mem::Error) -> Self {
        Self::Memory(error)
    }
}

impl Image {
    /// Maps and fills the segments of `plan`, whose imports are at `imports`.
    pub(crate) fn map(plan: &Plan<'_>, imports: &[u64], domain: DomainId) -> Result<Self, WriteError> {
        let mut image = Self { regions: [None, None, None] };
        for segment in Segment::ALL {
            image.regions[segment as usize] = map_segment(plan, segment, domain)?;
        }
        for content in plan.contents() {
            image.write(content.segment, content.offset, content.bytes)?;
        }
        let segments = Segment::ALL.map(|segment| image.region(segment).map_or(0, Region::start));
        plan.relocate(&Bases { segments, imports }, |patch| {
            image.write(patch.segment, patch.offset, patch.bytes()).map_err(WriteError::Memory)
        })?;
        Ok(image)
    }

    fn region(&self, segment: Segment) -> Option<&Region> {
        self.regions[segment as usize].as_ref()
    }

    fn write(&mut self, segment: Segment, offset: u64, bytes: &[u8]) -> Result<(), spindle_mem::Error> {
        let offset = offset as usize;
        let outside = spindle_mem::Error::OutOfBounds { offset, len: bytes.len() };
        self.regions[segment as usize].as_mut().ok_or(outside)?.write(offset, bytes)
    }

    /// Reads the descriptor at `place` and the table that it points to, which must have `handlers` entries.
    pub(crate) fn descriptor(&self, place: Where, handlers: usize) -> Result<Descriptor, LoadError> {
        let word = |at: u64| self.word_at(self.region(place.segment), place.offset + at);
        let [head, start, stop, table] = [word(0)?, word(8)?, word(16)?, word(24)?];
        let (version, count) = (head as u32, (head >> 32) as usize);
        if version != ABI_VERSION {
            return Err(LoadError::AbiVersion(version));
        }
        if count != handlers {
            return Err(LoadError::HandlerCount { manifest: handlers, descriptor: count });
        }
        let mut entries = Vec::new();
        entries.try_reserve_exact(count).map_err(|_| LoadError::OutOfMemory)?;
        for index in 0..count as u64 {
            entries.push(self.entry(self.word(table.wrapping_add(index * 8))?)?);
        }
        // SAFETY: both lie in this image's text, which the domain keeps for as long as it lives, and the package's
        // signature vouches for their types (INV-ENTER-1).
        let entry_points = unsafe { EntryPoints::new(self.entry(start)?, self.entry(stop)?) };
        Ok(Descriptor { entry_points, handlers: entries })
    }

    /// `address`, if it lies in the text.
    fn entry(&self, address: u64) -> Result<u64, LoadError> {
        self.text_offset(address).map(|_| address).ok_or(LoadError::EntryOutsideText(address))
    }

    /// The word at `address`, which must lie in a segment of this image.
    fn word(&self, address: u64) -> Result<u64, LoadError> {
        let region = self.regions.iter().flatten().find(|region| region.contains(address));
        self.word_at(region, region.map_or(0, |region| address - region.start()))
    }

    fn word_at(&self, region: Option<&Region>, offset: u64) -> Result<u64, LoadError> {
        let mut bytes = [0; 8];
        let read = region.map(|region| region.read(offset as usize, &mut bytes));
        match read {
            Some(Ok(())) => Ok(u64::from_le_bytes(bytes)),
            _ => Err(LoadError::DescriptorOutside(offset)),
        }
    }

    /// Where `address` lies in the text, if it does.
    pub(crate) fn text_offset(&self, address: u64) -> Option<u64> {
        let text = self.region(Segment::Text).filter(|text| text.contains(address))?;
        Some(address - text.start())
    }

    /// Address of the text; 0 without one.
    pub(crate) fn text_start(&self) -> u64 {
        self.region(Segment::Text).map_or(0, Region::start)
    }

    /// Mapped bytes of executable pages.
    pub(crate) fn text_bytes(&self) -> u64 {
        self.bytes_of(Segment::Text)
    }

    /// Mapped bytes of read-only pages.
    pub(crate) fn read_only_bytes(&self) -> u64 {
        self.bytes_of(Segment::ReadOnly)
    }

    /// Mapped bytes of writable pages.
    pub(crate) fn data_bytes(&self) -> u64 {
        self.bytes_of(Segment::Data)
    }

    /// Mapped bytes of all pages.
    pub(crate) fn mapped_bytes(&self) -> u64 {
        Segment::ALL.iter().map(|segment| self.bytes_of(*segment)).sum()
    }

    fn bytes_of(&self, segment: Segment) -> u64 {
        self.region(segment).map_or(0, |region| region.len_bytes() as u64)
    }
}

fn map_segment(
    plan: &Plan<'_>,
    segment: Segment,
    domain: DomainId,
) -> Result<Option<Region>, spindle_mem::Error> {
    let pages = plan.pages(segment) as usize;
    let protection = match segment {
        Segment::Text => Protection::ReadExecute,
        Segment::ReadOnly => Protection::ReadOnly,
        Segment::Data => Protection::ReadWrite,
    };
    if pages == 0 {
        return Ok(None);
    }
    Region::map(Area::Extension, pages, protection, domain.memory_owner()).map(Some)
}
