//! Packages that a kernel must refuse, made from a good one: the in-kernel tests load them.
//!
//! Those about the manifest or the code are signed with the key that the kernel trusts, so that the signature is not
//! what they are refused for.

use std::path::{Path, PathBuf};

use object::elf::{self, FileHeader64};
use object::read::elf::{FileHeader as _, SectionHeader as _};
use object::{LittleEndian, pod};
use spindle_abi::package::{Contents, Import, Package, Unpacked, pack};
use spindle_abi::{Asked, Fingerprint, Key, Options, Role, Term, Terms};

use crate::ext::keys;
use crate::failure::{Failure, Result};
use crate::folders;

type Elf = FileHeader64<LittleEndian>;

/// Writes the packages into `folder`, made from the package `good`; gives their paths.
pub(super) fn packages(folder: &Path, good: &Path, key: &keys::Key) -> Result<Vec<PathBuf>> {
    folders::create(folder)?;
    let good = folders::read(good)?;
    let package = Package::parse(&good).map_err(unusable)?;
    let resigned = |contents: Made| key.sign(contents.pack()?);
    let same = || Made::from(&package);
    let made = [
        ("empty", Vec::new()),
        ("unsigned", same().pack()?),
        ("other-key", keys::Key::of_a_stranger().sign(same().pack()?)?),
        ("altered", altered(&good)),
        ("unknown-import", resigned(same().renamed("network.send"))?),
        ("misspelt-import", resigned(same().renamed("console.write_lime"))?),
        ("other-signature", resigned(same().retyped("fn console.write_line(line: &[u8])"))?),
        ("denied-word", resigned(same().in_role(Role::Handler(word("help")?)))?),
        ("denied-every-line", resigned(same().in_role(Role::Handler(Options::NONE)))?),
        ("denied-fold", resigned(same().in_role(Role::ResultHandler))?),
        ("relocation-outside", resigned(same().patched(relocation_outside)?)?),
        ("section-overflow", resigned(same().patched(section_overflow)?)?),
    ];
    made.iter()
        .map(|(name, bytes)| {
            let path = folder.join(format!("refuse-{name}.ext"));
            folders::write(&path, bytes).map(|()| path)
        })
        .collect()
}

/// The import that is spoilt: every extension that prints has it.
const SPOILT: &str = "console.write_line";

/// A package to be changed and packed again.
struct Made<'a> {
    parts: Unpacked<'a>,
    code: Vec<u8>,
}

impl<'a> Made<'a> {
    fn from(package: &Package<'a>) -> Self {
        Self { parts: Unpacked::of(package), code: package.code().to_vec() }
    }

    fn spoilt(&mut self) -> Option<&mut Import<'a>> {
        self.parts.imports.iter_mut().find(|import| import.name == SPOILT)
    }

    fn renamed(mut self, name: &'a str) -> Self {
        if let Some(import) = self.spoilt() {
            import.name = name;
        }
        self
    }

    fn retyped(mut self, schema: &'a str) -> Self {
        if let Some(import) = self.spoilt() {
            import.schema = schema;
            import.fingerprint = Fingerprint::of(schema);
        }
        self
    }

    /// With its one handler, of `console.Command`, in another role.
    fn in_role(mut self, role: Role<'a>) -> Self {
        self.parts.rows.iter_mut().for_each(|row| row.role = role);
        self
    }

    fn patched(mut self, patch: fn(&mut [u8]) -> Option<()>) -> Result<Self> {
        patch(&mut self.code).ok_or_else(|| unusable("its code has no such section"))?;
        Ok(self)
    }

    fn pack(&self) -> Result<Vec<u8>> {
        let contents = Contents { code: &self.code, ..self.parts.contents() };
        pack(&contents).map_err(unusable)
    }
}

/// A handler of the lines that begin with `word`.
fn word(word: &str) -> Result<Options<'_>> {
    let asked = Asked::Equal(Key::Word(word));
    let terms = Terms::new(&[Term { field: 0, asked }]).map_err(unusable)?;
    Ok(Options { terms, ..Options::NONE })
}

/// One bit of the code differs from what was signed.
fn altered(good: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    bytes
}

/// The first relocation patches bytes far beyond its section.
fn relocation_outside(code: &mut [u8]) -> Option<()> {
    let offset = find(code, |kind, _| kind == elf::SHT_RELA)?.contents;
    let place = code.get_mut(offset..offset + 8)?;
    place.copy_from_slice(&0x7fff_fff0_u64.to_le_bytes());
    Some(())
}

/// The first loaded section has a size that overflows every sum it is part of.
fn section_overflow(code: &mut [u8]) -> Option<()> {
    let header =
        find(code, |kind, flags| kind == elf::SHT_PROGBITS && flags & elf::SHF_EXECINSTR.0 != 0)?.header;
    let size = header + core::mem::offset_of!(elf::SectionHeader64<LittleEndian>, sh_size);
    code.get_mut(size..size + 8)?.copy_from_slice(&(u64::MAX - 8).to_le_bytes());
    Some(())
}

/// Where a section's header and contents are in the file.
struct Place {
    header: usize,
    contents: usize,
}

fn find(code: &[u8], wanted: impl Fn(elf::SectionType, u64) -> bool) -> Option<Place> {
    let file = Elf::parse(code).ok()?;
    let sections = file.section_headers(LittleEndian, code).ok()?;
    let (index, section) = sections.iter().enumerate().find(|(_, section)| {
        wanted(section.sh_type(LittleEndian), section.sh_flags(LittleEndian).0)
            && section.sh_size(LittleEndian) > 0
    })?;
    let table = usize::try_from(file.e_shoff(LittleEndian)).ok()?;
    let header = table + index * pod::bytes_of(section).len();
    Some(Place { header, contents: usize::try_from(section.sh_offset(LittleEndian)).ok()? })
}

fn unusable(why: impl std::fmt::Display) -> Failure {
    Failure::new("the packages that the kernel must refuse cannot be made").because(why)
}
