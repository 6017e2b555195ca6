//! Where everything lives in the one address space.
//!
//! ```text
//!  ffff_ffff_f000_0000 ─┬─ end of what extensions may use
//!                       │  extensions: text, constants, data       1.25 GiB
//!  ffff_ffff_a000_0000 ─┤
//!                       │  room for the kernel image               512 MiB
//!  ffff_ffff_8000_0000 ─┤  kernel image (text, constants, data)
//!                       │
//!  ffff_c000_0000_0000 ─┤  heaps of domains                        4 GiB used
//!  ffff_b000_0000_0000 ─┤  stacks, each above a guard area         1 GiB used
//!  ffff_a000_0000_0000 ─┤  kernel heap, size fixed at boot
//!  ffff_9000_0000_0000 ─┤  what the boot loader maps: boot info, ramdisk, first stack
//!  ffff_8000_0000_0000 ─┤  window: all physical memory, never executable
//!                       ┆
//!  0000_7fff_ffff_f000 ─┬─ end of what a user program may use
//!                       │  the user program that runs, in an address space of its own; else nothing
//!  0000_0000_0001_0000 ─┤
//!  0000_0000_0000_0000 ─┴─ never mapped, so that a null pointer faults
//! ```
//!
//! Every address space has the same upper half.
//!
//! *Invariants*
//! - `INV-LAYOUT-1`: kernel image and extensions lie in the top 2 GiB, so that code of one reaches the
//!   other by a 32-bit displacement (code model `kernel`).
//! - `INV-LAYOUT-2`: physical address `p` is readable and writable at `WINDOW + p` from the first
//!   instruction of the kernel on, for all RAM and everything else below 4 GiB.

/// Start of the window through which all physical memory is seen.
pub const WINDOW: u64 = 0xffff_8000_0000_0000;
/// Start of the range in which the boot loader places what it maps without a fixed address.
pub const LOADER: u64 = 0xffff_9000_0000_0000;
/// Start of the kernel heap.
pub const KERNEL_HEAP: u64 = 0xffff_a000_0000_0000;
/// Start of the area for stacks.
pub const STACKS: u64 = 0xffff_b000_0000_0000;
/// Length of the area for stacks.
pub const STACKS_BYTES: u64 = 1 << 30;
/// Start of the area for heaps of domains.
pub const DOMAIN_HEAPS: u64 = 0xffff_c000_0000_0000;
/// Length of the area for heaps of domains.
pub const DOMAIN_HEAPS_BYTES: u64 = 4 << 30;
/// Where the boot loader puts the kernel image.
pub const KERNEL_IMAGE: u64 = 0xffff_ffff_8000_0000;
/// Start of the area for the code and data of extensions.
pub const EXTENSIONS: u64 = 0xffff_ffff_a000_0000;
/// End of the area for the code and data of extensions.
pub const EXTENSIONS_END: u64 = 0xffff_ffff_f000_0000;
/// Lowest address of a user program.
pub const USER_START: u64 = 0x1_0000;
/// End of what a user program may use. The last page of the lower half is not part of it: an instruction that ended there
/// would be followed by an address that is not canonical, which the processor refuses too late (INV-USER-3).
pub const USER_END: u64 = 0x7fff_ffff_f000;
/// Bytes of one page and of one frame.
pub const PAGE_BYTES: u64 = 4096;

const _: () = assert!(EXTENSIONS_END.wrapping_sub(KERNEL_IMAGE) < 1 << 31, "INV-LAYOUT-1");
const _: () = assert!(KERNEL_IMAGE.wrapping_neg() == 1 << 31, "code model kernel: the top 2 GiB");
