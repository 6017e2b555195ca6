//! A look at a module's sections before the engine reads it.
//!
//! The engine divides the bytes of the code section by the number of its functions (wasmi 2.0.0, its limit on small
//! functions): a section with bytes and no function would make it panic, instead of saying what is wrong.
//!
//! It counts no fuel for the locals that it clears when a function is called, and lets a function have tens of thousands: a
//! loop of calls would clear terabytes for what it may use in one activation.

/// The number of the code section.
const CODE: u8 = 10;

/// Whether a code section has bytes but no function, which no valid module has. What cannot be read is left to the
/// engine.
///
/// Takes time linear in the number of sections.
pub(crate) fn has_bytes_without_functions(module: &[u8]) -> bool {
    let mut rest = module.get(8..).unwrap_or_default();
    while let Some((number, contents, claimed, next)) = section(rest) {
        if number == CODE && is_only_bytes(contents, claimed) {
            return true;
        }
        rest = next;
    }
    false
}

/// The most locals that a function may declare.
pub(crate) const MAX_LOCALS: u64 = 1000;

/// The first function that declares more than [`MAX_LOCALS`], by its place in the code section, and how many it has. What
/// cannot be read is left to the engine.
///
/// Takes time linear in the number of functions and of their groups of locals.
pub(crate) fn function_with_too_many_locals(module: &[u8]) -> Option<(usize, u64)> {
    let mut rest = module.get(8..).unwrap_or_default();
    while let Some((number, contents, _, next)) = section(rest) {
        if number == CODE {
            let (count, bodies) = leb128(contents)?;
            let bodies = Bodies(bodies).take(count).map(locals).enumerate();
            let found = bodies.into_iter().find(|(_, locals)| *locals > MAX_LOCALS);
            if found.is_some() {
                return found;
            }
        }
        rest = next;
    }
    None
}

/// The bodies of functions, one after the other, each with its length before it.
struct Bodies<'a>(&'a [u8]);

impl<'a> Iterator for Bodies<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = leb128(self.0)?;
        let (body, next) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        self.0 = next;
        Some(body)
    }
}

/// How many locals a body declares: groups of a count and a type, which has one byte.
fn locals(body: &[u8]) -> u64 {
    let Some((groups, mut rest)) = leb128(body) else { return 0 };
    let mut locals = 0;
    for _ in 0..groups {
        let Some((count, [_, next @ ..])) = leb128(rest) else { break };
        locals += count as u64;
        rest = next;
    }
    locals
}

/// Number and contents of the first section, the length that it claims to have, and what follows.
fn section(bytes: &[u8]) -> Option<(u8, &[u8], usize, &[u8])> {
    let (number, rest) = bytes.split_first()?;
    let (claimed, rest) = leb128(rest)?;
    let (contents, next) = rest.split_at_checked(claimed).unwrap_or((rest, &[]));
    Some((*number, contents, claimed, next))
}

fn is_only_bytes(contents: &[u8], claimed: usize) -> bool {
    leb128(contents).is_some_and(|(count, rest)| count == 0 && claimed > contents.len() - rest.len())
}

/// Reads an unsigned number of at most 32 bits, seven a byte.
fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0u64;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, &bytes[index + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{function_with_too_many_locals, has_bytes_without_functions};

    fn module(sections: &[u8]) -> bool {
        has_bytes_without_functions(&[b"\0asm\x01\0\0\0", sections].concat())
    }

    #[test]
    fn only_a_code_section_that_has_bytes_and_no_function_is_found() {
        assert!(module(&[10, 2, 0, 0]));
        assert!(module(&[1, 1, 0, 10, 4, 0x80, 0, 0, 0]), "another section first, and a long way to say 0");
        assert!(module(&[10, 0xe8, 0x07, 0]), "more bytes claimed than there are");
        assert!(!module(&[10, 1, 0]) && !module(&[10, 2, 0x80, 0]));
        assert!(!module(&[10, 4, 1, 2, 0, 11]));
        assert!(!module(&[1, 2, 0, 0]) && !module(&[]) && !module(&[10]) && !module(&[10, 0x80]));
    }

    #[test]
    fn locals_are_added_up_over_the_groups_of_a_function() {
        let found = |sections: &[u8]| function_with_too_many_locals(&[b"\0asm\x01\0\0\0", sections].concat());
        // Two functions; the second has 1000 (e8 07) i32 and as many i64 as its fourth byte says.
        let two = |more| [10, 12, 2, 2, 0, 11, 7, 2, 0xe8, 0x07, 0x7f, more, 0x7e, 11];
        assert_eq!(found(&two(0)), None);
        assert_eq!(found(&two(1)), Some((1, 1001)));
        assert_eq!(found(&[10, 9, 1, 7, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f]), Some((0, 0xffff_ffff)));
        assert_eq!(found(&[10, 3, 1, 2, 5]), None, "cut short");
    }
}
