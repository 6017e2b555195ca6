//! Who decides what an exception means: first the fault judge, then the last resort.
//!
//! *Locking*: none; both run with interrupts off, on an interrupt stack or on the stack of whoever faulted,
//! and may have interrupted code that holds any lock. They must take none that such code may hold.

use super::{Exception, TrapFrame};
use spin::Once;
use x86_64::registers::control::Cr2;

/// What happened, beside the registers.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Which exception.
    pub exception: Exception,
    /// Its error code, 0 if it has none.
    pub error_code: u64,
    /// The address whose access failed, for a page fault.
    pub address: Option<u64>,
}

/// What becomes of the code that faulted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Continue with what the frame, changed or not, says.
    Resume,
    /// It is the kernel's own fault: the last resort reports it.
    Kernel,
}

type Judge = fn(&mut TrapFrame, Fault) -> Verdict;
type LastResort = fn(&TrapFrame, Fault) -> !;

static JUDGE: Once<Judge> = Once::new();
static LAST_RESORT: Once<LastResort> = Once::new();

/// Sets who sees every exception before the kernel gives up. The first caller wins.
pub fn set_fault_judge(judge: fn(&mut TrapFrame, Fault) -> Verdict) {
    JUDGE.call_once(|| judge);
}

/// Sets who reports an exception that nobody resolved. The first caller wins.
pub fn set_last_resort(report: fn(&TrapFrame, Fault) -> !) {
    LAST_RESORT.call_once(|| report);
}

pub(crate) fn raise(exception: Exception, frame: &mut TrapFrame) {
    let address = (exception == Exception::PAGE_FAULT).then(Cr2::read_raw);
    let fault = Fault { exception, error_code: frame.error_code, address };
    if let Some(judge) = JUDGE.get()
        && judge(frame, fault) == Verdict::Resume
    {
        return;
    }
    match LAST_RESORT.get() {
        Some(report) => report(frame, fault),
        None => crate::cpu::halt_forever(),
    }
}
