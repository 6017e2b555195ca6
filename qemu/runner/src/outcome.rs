//! How a machine ended, from QEMU's exit status.

use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use spindle_abi::protocol::exit;

/// How a machine ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The kernel said that everything it was asked for was done.
    Succeeded,
    /// The kernel said that a command or test failed.
    Failed,
    /// The kernel panicked.
    Panicked,
    /// The machine was switched off or reset without a word: a human left, or a triple fault.
    SilentStop,
    /// A limit was exceeded and QEMU was killed.
    Hung(Limit),
    /// Somebody killed QEMU with this signal.
    Killed(i32),
    /// QEMU gave up with a status that the kernel never writes.
    QemuFailed(i32),
}

/// The limit that a hanging machine exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// It ran longer than this in total.
    Total(Duration),
    /// It said nothing for this long.
    Silence(Duration),
}

/// How a child ended, whatever it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself or by a signal.
    Exited(ExitStatus),
    /// A limit was exceeded and it was killed with all that it had started.
    Hung(Limit),
}

impl Outcome {
    /// Reads the ending of a QEMU.
    pub(crate) fn of(ending: Ending) -> Self {
        let status = match ending {
            Ending::Hung(limit) => return Self::Hung(limit),
            Ending::Exited(status) => status,
        };
        match (status.code(), status.signal()) {
            (Some(0), _) => Self::SilentStop,
            (Some(code), _) => Self::of_code(code),
            (None, signal) => Self::Killed(signal.unwrap_or_default()),
        }
    }

    fn of_code(code: i32) -> Self {
        const SUCCESS: i32 = exit::qemu_status(exit::SUCCESS);
        const FAILURE: i32 = exit::qemu_status(exit::FAILURE);
        const PANIC: i32 = exit::qemu_status(exit::PANIC);
        match code {
            SUCCESS => Self::Succeeded,
            FAILURE => Self::Failed,
            PANIC => Self::Panicked,
            other => Self::QemuFailed(other),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Succeeded => f.write_str("the kernel ended with success"),
            Self::Failed => f.write_str("the kernel ended with a failure"),
            Self::Panicked => f.write_str("the kernel panicked"),
            Self::SilentStop => f.write_str("the machine stopped or reset without a word (a triple fault?)"),
            Self::Hung(Limit::Total(limit)) => write!(f, "the machine hung: it ran for more than {limit:?}"),
            Self::Hung(Limit::Silence(limit)) => write!(f, "the machine hung: it said nothing for {limit:?}"),
            Self::Killed(signal) => write!(f, "QEMU was killed by signal {signal}"),
            Self::QemuFailed(code) => write!(f, "QEMU gave up with exit status {code}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ending, Outcome};
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    #[test]
    fn each_code_of_the_kernel_has_its_outcome() {
        let outcome = |code: i32| Outcome::of(Ending::Exited(ExitStatus::from_raw(code << 8)));
        assert_eq!(outcome(33), Outcome::Succeeded);
        assert_eq!(outcome(35), Outcome::Failed);
        assert_eq!(outcome(37), Outcome::Panicked);
        assert_eq!(outcome(0), Outcome::SilentStop);
        assert_eq!(outcome(1), Outcome::QemuFailed(1));
    }

    #[test]
    fn a_killed_emulator_is_no_success() {
        assert_eq!(Outcome::of(Ending::Exited(ExitStatus::from_raw(9))), Outcome::Killed(9));
    }
}
