//! The last words: panics and exceptions that nobody resolved. Both end the machine with a failure status.
//! A panic of the Wasm engine while it works for a domain is that domain's fault, and comes no further than here.
//!
//! *Locking*: none. Output goes past the serial line's lock, whose holder may be who died; nothing is
//! allocated. A panic while reporting ends the machine at once.

use crate::backtrace;
use crate::recent::Recent;
use core::arch::asm;
use core::fmt::Write;
use core::panic::PanicInfo;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};
use spindle_abi::protocol::exit;
use spindle_arch::cpu::current_stack;
use spindle_arch::exceptions::{ErrorCode, Fault, TrapFrame, set_last_resort};
use spindle_arch::serial::Forced;
use spindle_arch::{debug_exit, interrupts};

static REPORTING: AtomicBool = AtomicBool::new(false);

/// From here on, exceptions are reported.
pub(crate) fn start() {
    set_last_resort(exception);
}

#[cfg(target_os = "none")]
#[panic_handler]
fn on_panic(info: &PanicInfo<'_>) -> ! {
    spindle_domain::contain_panic(info);
    panicked(info)
}

fn panicked(info: &PanicInfo<'_>) -> ! {
    begin();
    let start = backtrace::Start { rip: None, rbp: frame_pointer() };
    let _ = match info.location() {
        Some(place) => {
            writeln!(Forced, "\nkernel panic at {}:{}: {}", place.file(), place.line(), info.message())
        }
        None => writeln!(Forced, "\nkernel panic: {}", info.message()),
    };
    let _ = write_recent();
    let _ = backtrace::write(start, &mut Forced);
    debug_exit(exit::PANIC)
}

fn exception(frame: &TrapFrame, fault: Fault) -> ! {
    begin();
    let _ = write_exception(frame, fault);
    debug_exit(exit::PANIC)
}

/// What raises did last, if anything was noted.
fn write_recent() -> core::fmt::Result {
    let recent = Recent::now();
    if recent.is_empty() { Ok(()) } else { writeln!(Forced, "  last events: {recent}") }
}

fn write_exception(frame: &TrapFrame, fault: Fault) -> core::fmt::Result {
    writeln!(Forced, "\nkernel exception {} (vector {})", fault.exception, fault.exception.vector())?;
    writeln!(Forced, "  error code {}", ErrorCode(fault.exception, fault.error_code))?;
    if let Some(address) = fault.address {
        writeln!(Forced, "  address (cr2) {address:016x}")?;
    }
    writeln!(Forced, "{frame}")?;
    let at = &raw const *frame as u64;
    let on = if current_stack().contains(&at) { "the strand's stack" } else { "an interrupt stack" };
    writeln!(Forced, "  handled on {on}")?;
    write_recent()?;
    backtrace::write(backtrace::Start { rip: Some(frame.rip), rbp: frame.rbp }, &mut Forced)
}

/// Silences interrupts; a second report, from within the first, ends the machine without a word more.
fn begin() {
    interrupts::disable();
    if REPORTING.swap(true, Relaxed) {
        let _ = Forced.write_str("\npanic while reporting; stopped\n");
        debug_exit(exit::PANIC)
    }
}

fn frame_pointer() -> u64 {
    let rbp: u64;
    // SAFETY: copies a register.
    unsafe { asm!("mov {}, rbp", out(reg) rbp, options(nomem, nostack, preserves_flags)) };
    rbp
}
