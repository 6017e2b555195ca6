//! Who called whom: the chain of frame pointers, with names from the kernel's own symbol table.
//!
//! *Invariants*: reads only addresses that the page tables map, and goes up only; so a broken chain ends
//! the list instead of the machine. Takes no lock and allocates nothing.

use crate::boot;
use core::fmt::{self, Write};
use rustc_demangle::demangle;
use spindle_kerncore::symbols;
use spindle_mem::paging::translate;

const MOST_FRAMES: usize = 48;

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
    let mut rbp = start.rbp;
    for _ in 0..MOST_FRAMES {
        let (Some(older), Some(back)) = (word_at(rbp), word_at(rbp.wrapping_add(8))) else {
            return Ok(());
        };
        if back == 0 {
            return Ok(());
        }
        // A call's return address may already be the next procedure's first: look up the call itself.
        write_line(back, back - 1, out)?;
        if older <= rbp {
            return Ok(());
        }
        rbp = older;
    }
    writeln!(out, "  ... and more")
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
