//! The 32 exceptions of the architecture by name, and what their error codes say.
//!
//! Source: Intel SDM volume 3, chapter 7 (table 7-1) and AMD APM volume 2, section 8.2.

use core::fmt;

/// Mnemonic and name of each vector below 32.
const NAMES: [(&str, &str); 32] = [
    ("#DE", "divide error"),
    ("#DB", "debug"),
    ("NMI", "non-maskable interrupt"),
    ("#BP", "breakpoint"),
    ("#OF", "overflow"),
    ("#BR", "bound range exceeded"),
    ("#UD", "invalid opcode"),
    ("#NM", "device not available"),
    ("#DF", "double fault"),
    ("#09", "coprocessor segment overrun"),
    ("#TS", "invalid task state segment"),
    ("#NP", "segment not present"),
    ("#SS", "stack segment fault"),
    ("#GP", "general protection"),
    ("#PF", "page fault"),
    ("#15", "reserved (15)"),
    ("#MF", "x87 floating point"),
    ("#AC", "alignment check"),
    ("#MC", "machine check"),
    ("#XM", "SIMD floating point"),
    ("#VE", "virtualization"),
    ("#CP", "control protection"),
    ("#22", "reserved (22)"),
    ("#23", "reserved (23)"),
    ("#24", "reserved (24)"),
    ("#25", "reserved (25)"),
    ("#26", "reserved (26)"),
    ("#27", "reserved (27)"),
    ("#HV", "hypervisor injection"),
    ("#VC", "VMM communication"),
    ("#SX", "security"),
    ("#31", "reserved (31)"),
];

/// The vectors for which the processor pushes an error code, one bit each.
pub(crate) const WITH_ERROR_CODE: u32 =
    1 << 8 | 1 << 10 | 1 << 11 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 17 | 1 << 21 | 1 << 29 | 1 << 30;

/// An exception, by its vector (0 to 31).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exception(u8);

impl Exception {
    /// Divide error.
    pub const DIVIDE: Self = Self(0);
    /// Non-maskable interrupt.
    pub const NON_MASKABLE: Self = Self(2);
    /// Breakpoint.
    pub const BREAKPOINT: Self = Self(3);
    /// Invalid opcode.
    pub const INVALID_OPCODE: Self = Self(6);
    /// Device not available: a floating point or vector register.
    pub const DEVICE_NOT_AVAILABLE: Self = Self(7);
    /// Double fault.
    pub const DOUBLE_FAULT: Self = Self(8);
    /// General protection.
    pub const GENERAL_PROTECTION: Self = Self(13);
    /// Page fault.
    pub const PAGE_FAULT: Self = Self(14);
    /// Machine check.
    pub const MACHINE_CHECK: Self = Self(18);

    /// The exception of vector `vector`; `None` from 32 on, where interrupts begin.
    pub const fn from_vector(vector: u64) -> Option<Self> {
        if vector < 32 { Some(Self(vector as u8)) } else { None }
    }

    /// The vector, 0 to 31.
    pub const fn vector(self) -> u8 {
        self.0
    }

    /// The mnemonic of the manuals, such as `#PF`.
    pub const fn mnemonic(self) -> &'static str {
        NAMES[self.0 as usize].0
    }

    /// The name spelt out, such as `page fault`.
    pub const fn name(self) -> &'static str {
        NAMES[self.0 as usize].1
    }

    /// Whether it comes of the machine's own, not of the instruction that it interrupts, or says that an exception could
    /// not be delivered: #DF, NMI, #MC. These have interrupt stacks of their own and end the machine.
    pub const fn is_of_the_machine(self) -> bool {
        matches!(self, Self::DOUBLE_FAULT | Self::NON_MASKABLE | Self::MACHINE_CHECK)
    }

    /// Whether the processor pushes an error code for it.
    pub const fn has_error_code(self) -> bool {
        WITH_ERROR_CODE & (1 << self.0) != 0
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.mnemonic(), self.name())
    }
}

/// An error code together with the exception that pushed it, for printing.
#[derive(Clone, Copy, Debug)]
pub struct ErrorCode(pub Exception, pub u64);

impl fmt::Display for ErrorCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Exception::PAGE_FAULT => page_fault(self.1, out),
            Exception(10..=13) => selector(self.1, out),
            exception if exception.has_error_code() => write!(out, "{:#x}", self.1),
            _ => out.write_str("none"),
        }
    }
}

fn page_fault(code: u64, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let has = |bit: u32| code & (1 << bit) != 0;
    let access = match (has(4), has(1)) {
        (true, _) => "instruction fetch",
        (false, true) => "write",
        (false, false) => "read",
    };
    let mode = if has(2) { "user" } else { "kernel" };
    let cause = if has(0) { "protection" } else { "page not present" };
    write!(out, "{code:#x}: {mode} {access}, {cause}")?;
    for (bit, what) in [(3, "reserved bit set"), (5, "protection key"), (6, "shadow stack"), (15, "SGX")] {
        if has(bit) {
            write!(out, ", {what}")?;
        }
    }
    Ok(())
}

fn selector(code: u64, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    if code == 0 {
        return out.write_str("0: no selector");
    }
    let table = ["GDT", "IDT", "LDT", "IDT"][(code >> 1 & 3) as usize];
    let external = if code & 1 != 0 { ", while delivering an external event" } else { "" };
    write!(out, "{code:#x}: {table} entry {}{external}", code >> 3 & 0x1fff)
}

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;
    use std::collections::BTreeSet;
    use std::format;

    #[test]
    fn all_exceptions_have_names_of_their_own() {
        let names: BTreeSet<_> = (0..32).filter_map(Exception::from_vector).map(Exception::name).collect();
        assert_eq!(names.len(), 32);
        assert_eq!(Exception::from_vector(32), None);
        assert_eq!(format!("{}", Exception::PAGE_FAULT), "#PF page fault");
    }

    #[test]
    fn error_codes_are_decoded() {
        let text = |exception, code| format!("{}", ErrorCode(exception, code));
        assert_eq!(text(Exception::PAGE_FAULT, 0b10), "0x2: kernel write, page not present");
        assert_eq!(text(Exception::PAGE_FAULT, 0b10101), "0x15: user instruction fetch, protection");
        assert_eq!(text(Exception::PAGE_FAULT, 0b1001), "0x9: kernel read, protection, reserved bit set");
        assert_eq!(text(Exception::GENERAL_PROTECTION, 0), "0: no selector");
        assert_eq!(
            text(Exception::GENERAL_PROTECTION, 0x83),
            "0x83: IDT entry 16, while delivering an external event"
        );
        assert_eq!(text(Exception::DIVIDE, 0), "none");
    }
}
