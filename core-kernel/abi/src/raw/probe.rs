//! The check at the start of every exported kernel procedure.

/// How much stack an exported procedure finds below its caller at least. Guard areas are larger than this.
pub const STACK_RESERVE_BYTES: usize = 32 << 10;

/// Checks that the strand's stack has room for kernel code; diverts the calling extension if not.
///
/// Exported procedures do this before anything else of their own, so that a deep extension faults before the kernel does. It is
/// one load, of the byte [`STACK_RESERVE_BYTES`] below the stack pointer: with less than that left it falls into
/// the guard area. Nothing of the kernel's has happened yet, so the fault is the caller's; the section
/// `spindle_probes` lists these instructions (each entry: their distance from the entry, 4 bytes) for the handler.
#[inline(always)]
pub fn stack_probe() {
    #[cfg(target_os = "none")]
    // SAFETY: reads one byte of the running stack or of its guard area, which is larger than the reserve; a fault
    // there ends the call. Changes nothing but flags.
    unsafe {
        core::arch::asm!(
            "2: test byte ptr [rsp - {reserve}], 0",
            ".pushsection spindle_probes, \"a\", @progbits",
            ".long 2b - .",
            ".popsection",
            reserve = const STACK_RESERVE_BYTES,
            options(readonly, nostack),
        );
    }
}
