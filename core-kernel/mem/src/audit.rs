//! What the live page tables say, page by page: for tests that assert W^X, and for the curious.

use crate::{paging, window};
use x86_64::structures::paging::PageTableFlags as Flags;

/// One present entry of a lowest-level table, or one large page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mapping {
    /// First address.
    pub start: u64,
    /// Length in bytes: 4 KiB, 2 MiB or 1 GiB.
    pub bytes: u64,
    /// Physical address behind it.
    pub physical: u64,
    /// Whether all levels allow writing.
    pub writable: bool,
    /// Whether all levels allow executing.
    pub executable: bool,
    /// Whether all levels allow user programs in.
    pub user: bool,
}

/// Calls `visit` for every mapping, in the order of addresses, as the processor would see it now.
///
/// *Locking*: the page tables stay as they are meanwhile; `visit` must not map or unmap.
pub fn walk(mut visit: impl FnMut(Mapping)) {
    let all = Rights { writable: true, executable: true, user: true };
    paging::while_still(|root| level(root, 4, 0, all, &mut visit));
}

#[derive(Clone, Copy)]
struct Rights {
    writable: bool,
    executable: bool,
    user: bool,
}

impl Rights {
    fn and(self, flags: Flags) -> Self {
        Self {
            writable: self.writable && flags.contains(Flags::WRITABLE),
            executable: self.executable && !flags.contains(Flags::NO_EXECUTE),
            user: self.user && flags.contains(Flags::USER_ACCESSIBLE),
        }
    }
}

fn level(physical: u64, depth: u32, base: u64, above: Rights, visit: &mut impl FnMut(Mapping)) {
    let bytes = 1u64 << (12 + 9 * (depth - 1));
    // SAFETY: the root, or named by a present entry above; `while_still` keeps it so.
    let table = unsafe { window::table(physical) };
    for (index, entry) in table.iter().enumerate() {
        let flags = entry.flags();
        if !flags.contains(Flags::PRESENT) {
            continue;
        }
        let start = sign_extend(base + index as u64 * bytes);
        let rights = above.and(flags);
        let physical = entry.addr().as_u64();
        if depth == 1 || flags.contains(Flags::HUGE_PAGE) {
            let Rights { writable, executable, user } = rights;
            // In a large page's entry, the lowest address bit is part of the memory type.
            let physical = physical & !(bytes - 1);
            visit(Mapping { start, bytes, physical, writable, executable, user });
        } else {
            level(physical, depth - 1, start, rights, visit);
        }
    }
}

fn sign_extend(address: u64) -> u64 {
    ((address << 16) as i64 >> 16) as u64
}
