//! What raises did last, in one line: for reports of faults and panics. Takes no lock and no memory.

use core::fmt;

use heapless::Vec;
use spindle_arch::time::at_ns;
use spindle_dispatcher::{Entry, What, recorded};
use spindle_domain::DomainId;

/// How much is shown.
const SHOWN: usize = 5;

/// The last outcomes of handlers, the newest last. Without `trace on` only those that are rare are noted.
pub(crate) struct Recent(Vec<Entry, SHOWN>);

impl Recent {
    /// As of now.
    pub(crate) fn now() -> Self {
        Self(recorded().filter(|entry| is_of_a_raise(entry.what)).take(SHOWN).collect())
    }

    /// Whether nothing was noted.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a raise did it, and not somebody who changes bindings.
fn is_of_a_raise(what: What) -> bool {
    !matches!(
        what,
        What::Installed | What::Uninstalled | What::Swapped | What::Imposed | What::Lifted | What::Disabled
    )
}

/// When something was noted, in seconds since the start.
pub(crate) struct Seconds(pub(crate) u64);

impl fmt::Display for Seconds {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let us = at_ns(self.0) / 1_000;
        write!(out, "{}.{:06}", us / 1_000_000, us % 1_000_000)
    }
}

impl fmt::Display for Recent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for entry in self.0.iter().rev() {
            let (seconds, event) = (Seconds(entry.time), entry.event.declaration().name);
            write!(out, "{separator}[{seconds}] {event} {}", entry.what.in_words())?;
            match DomainId::of(entry.owner) {
                Some(domain) => write!(out, " (domain {domain})")?,
                None => out.write_str(" (kernel)")?,
            }
            separator = ", ";
        }
        Ok(())
    }
}
