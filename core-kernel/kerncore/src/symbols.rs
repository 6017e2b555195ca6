//! From an address to the procedure that contains it, by the symbol table of an ELF image.
//!
//! *Interface*: [`find`]. Nothing is allocated and nothing in the image is trusted, so that a crash can be
//! reported with it. Cost: one pass over the symbol table.

use object::elf::FileHeader64;
use object::read::elf::ElfFile;
use object::{LittleEndian, Object, ObjectSymbol, SymbolKind};

/// A procedure, and how far into it an address lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place<'image> {
    /// The symbol's name as the linker wrote it (mangled).
    pub symbol: &'image str,
    /// Bytes from the procedure's start to the address.
    pub offset: u64,
}

/// The procedure of `image` that contains `address`, which is relative to where the image was linked to lie.
/// `None` if there is none, or if the image is no 64-bit little-endian ELF file with a symbol table.
pub fn find(image: &[u8], address: u64) -> Option<Place<'_>> {
    let file = ElfFile::<FileHeader64<LittleEndian>>::parse(image).ok()?;
    let symbol = file
        .symbols()
        .filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.address() <= address)
        .filter(|symbol| address - symbol.address() < symbol.size().max(1))
        .max_by_key(|symbol| symbol.address())?;
    Some(Place { symbol: symbol.name().ok()?, offset: address - symbol.address() })
}

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;

    #[inline(never)]
    extern "C" fn landmark() -> u32 {
        core::hint::black_box(7)
    }

    /// The running test program is itself an ELF image with symbols.
    #[test]
    fn a_procedure_of_this_very_program_is_found_by_an_address_inside_it() {
        let image = std::fs::read("/proc/self/exe").expect("Linux has it");
        let maps = std::fs::read_to_string("/proc/self/maps").expect("Linux has it");
        let base = maps.split('-').next().expect("maps begin with an address");
        let base = u64::from_str_radix(base, 16).expect("in hexadecimal");
        let place = find(&image, landmark as *const () as u64 - base + 1).expect("it has a symbol");
        assert!(place.symbol.contains("landmark"), "{place:?}");
        assert_eq!(place.offset, 1);
        assert_eq!(landmark(), 7);
    }

    #[test]
    fn an_address_outside_or_an_image_cut_short_gives_none() {
        let image = std::fs::read("/proc/self/exe").expect("Linux has it");
        assert_eq!(find(&image, u64::MAX), None);
        for end in (0..image.len().min(4096)).step_by(7) {
            assert_eq!(find(&image[..end], 0x1000), None);
        }
    }
}
