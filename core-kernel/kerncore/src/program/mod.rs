//! From a static executable to a plan: which pages a user program needs, and what goes into them.
//!
//! ```text
//!  ELF file (ET_EXEC)                 lower half of an address space
//!  PT_LOAD  R     ──────────────────> pages that can be read
//!  PT_LOAD  R X   ──────────────────> pages that can be read and executed     <── entry
//!  PT_LOAD  R W   ──────────────────> pages that can be read and written, zero behind what the file has
//! ```
//! *Concepts.* A [`Program`] is made from the bytes alone, none of which is trusted. Addresses are the file's: the program
//! is linked for them, and has them to itself.
//!
//! *Interface.* [`Program::parse`], then map and fill each of [`Program::segments`], and start at [`Program::entry`].
//!
//! *Invariants.*
//! - INV-PROGRAM-1: every byte that is copied lies inside the file, and inside its segment's pages.
//! - INV-PROGRAM-2: no segment is writable and executable, no page belongs to two, and all lie in the range given.
//! - INV-PROGRAM-3: the entry point lies in an executable segment.
//!
//! *Not here.* Objects of extensions, which have no addresses yet (`crate::plan`); mapping (the kernel's `user`).

mod error;
#[cfg(test)]
mod tests;

pub use error::ProgramError;

use core::ops::Range;
use object::LittleEndian as LE;
use object::elf::{
    ELFCLASS64, ELFDATA2LSB, ELFMAG, EM_X86_64, ET_EXEC, FileHeader64, PF_R, PF_W, PF_X, PT_DYNAMIC,
    PT_INTERP, PT_LOAD, PT_TLS, ProgramHeader64,
};
use object::pod::from_bytes;
use object::read::elf::{FileHeader as _, ProgramHeader as _};

/// Bytes of a page.
const PAGE_BYTES: u64 = 4096;
/// Most program headers that a file may have.
pub const MAX_HEADERS: usize = 32;
/// Most bytes that the segments of a program may have together.
pub const MAX_PROGRAM_BYTES: u64 = 16 << 20;

type Header = ProgramHeader64<LE>;

/// What a program may do with a segment. There is no way to say "write and execute".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read.
    Read,
    /// Read and write.
    ReadWrite,
    /// Read and execute.
    ReadExecute,
}

/// Pages of one kind of access, and what the file puts there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'elf> {
    /// Address of the first page.
    pub first_page: u64,
    /// How many pages.
    pub pages: u64,
    /// What the program may do with them.
    pub access: Access,
    /// Where the contents begin, in the first page.
    pub address: u64,
    /// The contents; the rest is zero.
    pub contents: &'elf [u8],
}

/// A checked executable.
#[derive(Clone, Copy, Debug)]
pub struct Program<'elf> {
    bytes: &'elf [u8],
    headers: &'elf [Header],
    entry: u64,
}

impl<'elf> Program<'elf> {
    /// Checks the file `bytes` of a program all of whose memory must lie in `range`.
    ///
    /// Takes time in the square of the number of program headers, of which there are at most [`MAX_HEADERS`].
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(bytes: &'elf [u8], range: Range<u64>) -> Result<Self, ProgramError> {
        let header = header(bytes)?;
        let headers = header.program_headers(LE, bytes).map_err(|_| ProgramError::Headers)?;
        if headers.len() > MAX_HEADERS {
            return Err(ProgramError::TooManyHeaders(headers.len()));
        }
        let program = Self { bytes, headers, entry: header.e_entry.get(LE) };
        program.check_kinds()?;
        program.check_segments(&range)?;
        program.check_entry()?;
        Ok(program)
    }

    /// Address of the first instruction.
    pub fn entry(&self) -> u64 {
        self.entry
    }

    /// What to map and to copy.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'elf>> + '_ {
        self.checked_segments().filter_map(|(_, segment)| segment.ok())
    }

    fn checked_segments(&self) -> impl Iterator<Item = (usize, Result<Segment<'elf>, ProgramError>)> + '_ {
        let loaded = self.headers.iter().enumerate();
        let loaded = loaded.filter(|(_, header)| header.p_type(LE) == PT_LOAD && header.p_memsz.get(LE) > 0);
        loaded.map(|(index, header)| (index, segment(self.bytes, index, header)))
    }

    fn check_kinds(&self) -> Result<(), ProgramError> {
        let needs_a_linker = |header: &Header| [PT_INTERP, PT_DYNAMIC, PT_TLS].contains(&header.p_type(LE));
        match self.headers.iter().position(needs_a_linker) {
            Some(header) => Err(ProgramError::NotStatic { header }),
            None => Ok(()),
        }
    }

    fn check_segments(&self, range: &Range<u64>) -> Result<(), ProgramError> {
        let mut bytes = 0;
        for (header, segment) in self.checked_segments() {
            let segment = segment?;
            let pages = segment.page_range();
            if pages.start < range.start || pages.end > range.end {
                return Err(ProgramError::OutsideRange { header, address: segment.address });
            }
            bytes += pages.end - pages.start;
            if bytes > MAX_PROGRAM_BYTES {
                return Err(ProgramError::TooLarge { header });
            }
            let earlier = self.checked_segments().take_while(|(index, _)| *index < header);
            for (other, earlier) in earlier {
                let earlier = earlier?.page_range();
                if earlier.start < pages.end && pages.start < earlier.end {
                    return Err(ProgramError::Overlap { header, other });
                }
            }
        }
        Ok(())
    }

    fn check_entry(&self) -> Result<(), ProgramError> {
        let holds = |segment: Segment<'_>| {
            segment.access == Access::ReadExecute && segment.page_range().contains(&self.entry)
        };
        if self.segments().any(holds) { Ok(()) } else { Err(ProgramError::Entry { address: self.entry }) }
    }
}

impl Segment<'_> {
    /// The addresses of its pages.
    pub fn page_range(&self) -> Range<u64> {
        self.first_page..self.first_page + self.pages * PAGE_BYTES
    }
}

fn header(bytes: &[u8]) -> Result<&FileHeader64<LE>, ProgramError> {
    let (header, _) = from_bytes::<FileHeader64<LE>>(bytes).map_err(|()| ProgramError::NotElf)?;
    let ident = header.e_ident;
    if ident.magic != ELFMAG || ident.class != ELFCLASS64 || ident.data != ELFDATA2LSB {
        return Err(ProgramError::NotElf);
    }
    if header.e_machine.get(LE) != EM_X86_64 || header.e_type.get(LE) != ET_EXEC {
        return Err(ProgramError::NotExecutable);
    }
    Ok(header)
}

fn segment<'elf>(bytes: &'elf [u8], index: usize, header: &Header) -> Result<Segment<'elf>, ProgramError> {
    let contents = header.data(LE, bytes).map_err(|()| ProgramError::OutsideFile { header: index })?;
    let (address, bytes) = (header.p_vaddr.get(LE), header.p_memsz.get(LE));
    let outside = ProgramError::OutsideRange { header: index, address };
    let end = address.checked_add(bytes).and_then(|end| end.checked_next_multiple_of(PAGE_BYTES));
    let first_page = address / PAGE_BYTES * PAGE_BYTES;
    let pages = (end.ok_or(outside)? - first_page) / PAGE_BYTES;
    if contents.len() as u64 > bytes {
        return Err(ProgramError::OutsideFile { header: index });
    }
    Ok(Segment { first_page, pages, access: access(index, header)?, address, contents })
}

fn access(index: usize, header: &Header) -> Result<Access, ProgramError> {
    let flags = header.p_flags.get(LE);
    let has = |flag| flags & flag == flag;
    match (has(PF_R), has(PF_W), has(PF_X)) {
        (true, false, false) => Ok(Access::Read),
        (true, true, false) => Ok(Access::ReadWrite),
        (true, false, true) => Ok(Access::ReadExecute),
        _ => Err(ProgramError::Access { header: index }),
    }
}
