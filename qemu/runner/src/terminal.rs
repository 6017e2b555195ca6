//! The human's terminal: taken for a guest, given back.
//!
//! *Invariants*: INV-RUN-3: whatever ends the guest, [`give_back`] restores the settings that [`take`] found. QEMU
//! itself is never given the terminal (it speaks through pipes), so its death leaves nothing to repair.

use std::io::{self, IsTerminal};
use std::sync::Mutex;

use rustix::termios::{OptionalActions, OutputModes, Termios, tcgetattr, tcsetattr};

static FOUND: Mutex<Option<Termios>> = Mutex::new(None);

/// Gives every key, Ctrl-C too, to the guest. Does nothing if standard input is not a terminal.
pub(crate) fn take() -> io::Result<Taken> {
    let input = io::stdin();
    if input.is_terminal() {
        let found = tcgetattr(&input)?;
        let mut raw = found.clone();
        raw.make_raw();
        // The guest's line feeds still return the carriage.
        raw.output_modes |= OutputModes::OPOST | OutputModes::ONLCR;
        *FOUND.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(found);
        tcsetattr(&input, OptionalActions::Now, &raw)?;
    }
    Ok(Taken)
}

/// Restores the terminal if it was taken. May be called from any thread and more than once.
pub(crate) fn give_back() {
    let found = FOUND.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
    if let Some(found) = found {
        // Fails only if the terminal is gone, and then there is nothing to restore.
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &found);
    }
}

/// Gives the terminal back when dropped.
#[must_use = "the terminal is given back when this is dropped"]
pub(crate) struct Taken;

impl Drop for Taken {
    fn drop(&mut self) {
        give_back();
    }
}
