//! A session: what one run of the console keeps between two lines.

use super::Sink;

/// A human at the serial line, a script, or a host at the control channel.
#[derive(Debug)]
pub(crate) struct Session {
    sink: Sink,
    wants_power_off: bool,
}

/// A session that prints where the running command prints; between commands, on the console.
impl Default for Session {
    fn default() -> Self {
        Self::printing_to(Sink::current())
    }
}

impl Session {
    /// A session that prints to `sink`.
    pub(crate) fn printing_to(sink: Sink) -> Self {
        Self { sink, wants_power_off: false }
    }

    /// Where it prints.
    pub(super) fn sink(&self) -> Sink {
        self.sink
    }

    /// Remembers that the machine is to be powered off when the line is done.
    pub(super) fn request_power_off(&mut self) {
        self.wants_power_off = true;
    }

    /// Whether a line has asked for the machine to be powered off.
    pub(crate) fn wants_power_off(&self) -> bool {
        self.wants_power_off
    }
}
