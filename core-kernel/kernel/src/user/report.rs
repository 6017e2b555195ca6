//! How a program ended, in words.

use core::fmt;

use spindle_arch::exceptions::{ErrorCode, Exception, Fault};

/// How a program ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ended {
    /// By its own will.
    Exited {
        /// 0 if all went well.
        status: u64,
        /// What it left for whoever ran it.
        rest: [u64; 2],
    },
    /// It did what a program may not do, and was stopped.
    Faulted {
        /// What it did.
        fault: Fault,
        /// The instruction that did it.
        rip: u64,
    },
    /// It ran longer than it may, and was stopped.
    OutOfTime {
        /// How long it may run.
        budget_ms: u64,
        /// Where it was.
        rip: u64,
    },
    /// The human did not want to wait any longer.
    Interrupted {
        /// Where it was.
        rip: u64,
    },
}

/// All that is to be said of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Report {
    /// How it ended.
    pub(crate) ended: Ended,
    /// System calls that nobody answered.
    pub(crate) unanswered: u64,
    /// The number of the first of them; nothing in particular if there were none.
    pub(crate) first_unanswered: u64,
}

impl fmt::Display for Ended {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Exited { status, .. } => write!(out, "ended with status {status}"),
            Self::Faulted { fault, rip } => {
                write!(out, "was stopped: {} at rip {rip:#x}", fault.exception)?;
                explain(fault, out)
            }
            Self::OutOfTime { budget_ms, rip } => {
                write!(out, "was stopped: its {budget_ms} ms are over, at rip {rip:#x}")
            }
            Self::Interrupted { rip } => write!(out, "was stopped by ctrl-C at rip {rip:#x}"),
        }
    }
}

fn explain(fault: Fault, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Some(address) = fault.address {
        write!(out, " on address {address:#x}")?;
    }
    if fault.exception == Exception::DEVICE_NOT_AVAILABLE {
        return out.write_str(" (programs have no floating point and vector registers)");
    }
    if fault.exception.has_error_code() {
        write!(out, " ({})", ErrorCode(fault.exception, fault.error_code))?;
    }
    Ok(())
}
