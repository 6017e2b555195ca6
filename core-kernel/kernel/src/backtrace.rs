//! Who called whom: the chain of frame pointers, with names from the kernel's own symbol table.
//!
//! *Invariants*: reads only addresses that the page tables map, and goes up only; so a broken chain ends
//! the list instead of the machine. Takes no lock and allocates nothing.

use crate::boot;
use core::fmt::{self, Write};
use rustc_demangle::demangle;
use spindle_kerncore::symbols;
use spindle_mem::paging::translate;

/// Lines written at most; a procedure that called itself many times counts once.
const MOST_LINES: usize = 48;

/// Where a chain starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    /// The instruction that the first line names, if it is not in the chain.
    pub(crate) rip: Option<u64>,
    /// The newest frame pointer.
    pub(crate) rbp: u64,
}

/// Writes one line per procedure, newest first.
pub(crate) fn write(start: Start, out: &mut impl Write) -> fmt::Result {
    writeln!(out, "backtrace, newest first:")?;
    if let Some(rip) = start.rip {
        write_line(rip, rip, out)?;
    }
    let (mut last, mut again, mut lines) = (0, 0, 0);
    for back in (Chain { rbp: start.rbp }) {
        if back == last {
            again += 1;
            continue;
        }
        write_again(again, out)?;
        if lines == MOST_LINES {
            return writeln!(out, "  ... and more");
        }
        // A call's return address may already be the next procedure's first: look up the call itself.
        write_line(back, back - 1, out)?;
        (last, again, lines) = (back, 0, lines + 1);
    }
    write_again(again, out)
}

/// The return addresses of a chain of frame pointers.
struct Chain {
    rbp: u64,
}

impl Iterator for Chain {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let back = word_at(self.rbp.checked_add(8)?)?;
        let older = word_at(self.rbp)?;
        // The chain must go up, or the next step finds nothing.
        self.rbp = if older > self.rbp { older } else { 1 };
        (back != 0).then_some(back)
    }
}

fn write_again(again: u64, out: &mut impl Write) -> fmt::Result {
    if again > 0 { writeln!(out, "  (the same {again} times more)") } else { Ok(()) }
}

fn write_line(address: u64, inside: u64, out: &mut impl Write) -> fmt::Result {
    write!(out, "  {address:016x}  ")?;
    match name_of(inside) {
        Some(place) => writeln!(out, "{:#}+{:#x}", demangle(place.symbol), place.offset + (address - inside)),
        None => writeln!(out, "?"),
    }
}

/// The kernel's procedure that contains `address`.
pub(crate) fn name_of(address: u64) -> Option<symbols::Place<'static>> {
    let (image, offset) = boot::image()?;
    symbols::find(image, address.checked_sub(offset)?)
}

fn word_at(address: u64) -> Option<u64> {
    if !address.is_multiple_of(8) {
        return None;
    }
    translate(address)?;
    // SAFETY: mapped by the line above, and aligned; any bits are a u64.
    Some(unsafe { (address as *const u64).read_volatile() })
}
