//! A session: what one run of the console keeps between two lines.

/// A human at the serial line, or a script.
#[derive(Debug, Default)]
pub(crate) struct Session {
    wants_power_off: bool,
}

impl Session {
    /// Remembers that the machine is to be powered off when the line is done.
    pub(super) fn request_power_off(&mut self) {
        self.wants_power_off = true;
    }

    /// Whether a line has asked for the machine to be powered off.
    pub(crate) fn wants_power_off(&self) -> bool {
        self.wants_power_off
    }
}
