//! Where text goes: to the human's console, or to the host that asked over the control channel.
//!
//! *Concepts*: one command runs at a time. While it runs, its session's sink is the *current* one: what an extension
//! prints with `console.write_line` goes where the output of the command goes. The log stays on the console.

use core::fmt::{self, Write};
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use spindle_arch::serial;

use crate::control::answers;

static HOST_IS_CURRENT: AtomicBool = AtomicBool::new(false);

/// A place for text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sink {
    /// The first serial line.
    #[default]
    Console,
    /// The host at the other end of the control channel.
    Host,
}

/// Makes the sink current that was so before, when dropped.
#[must_use = "the sink is current until this is dropped"]
pub(super) struct Current {
    before: Sink,
}

impl Sink {
    /// The sink of the command that is running; between commands, the console.
    pub(crate) fn current() -> Self {
        if HOST_IS_CURRENT.load(Relaxed) { Self::Host } else { Self::Console }
    }

    /// Makes this sink the current one for a while.
    pub(super) fn make_current(self) -> Current {
        let before = Self::current();
        HOST_IS_CURRENT.store(self == Self::Host, Relaxed);
        Current { before }
    }

    /// Prints text that has its own line ends.
    pub(crate) fn print(self, text: fmt::Arguments<'_>) {
        match self {
            Self::Console => serial::print(text),
            Self::Host => answers::print(text),
        }
    }

    /// Prints a line that the console has had from the log.
    pub(crate) fn repeat(self, line: fmt::Arguments<'_>) {
        if self != Self::Console {
            self.print(format_args!("{line}\n"));
        }
    }
}

impl Drop for Current {
    fn drop(&mut self) {
        HOST_IS_CURRENT.store(self.before == Sink::Host, Relaxed);
    }
}

/// Takes everything.
impl Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.print(format_args!("{text}"));
        Ok(())
    }
}
