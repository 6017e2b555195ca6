//! The lines entered before, in a fixed number of bytes: the oldest go when a new one needs their room.

use heapless::String;

/// Entries oldest first, each followed by `\n` (INV-LINE-3).
#[derive(Clone, Debug)]
pub(super) struct History<const BYTES: usize> {
    entries: String<BYTES>,
}

impl<const BYTES: usize> History<BYTES> {
    pub(super) const fn new() -> Self {
        Self { entries: String::new() }
    }

    /// Remembers a line, unless it is blank, repeats the newest one, or is longer than the whole history.
    pub(super) fn push(&mut self, line: &str) {
        let needed_bytes = line.len() + 1;
        if line.trim().is_empty() || self.entry(0) == Some(line) || needed_bytes > BYTES {
            return;
        }
        while self.entries.len() + needed_bytes > BYTES {
            self.forget_oldest();
        }
        let stored = self.entries.push_str(line).and_then(|()| self.entries.push('\n'));
        debug_assert!(stored.is_ok(), "room was made for this line just above");
    }

    /// The entry `age` lines back; the newest has age 0.
    pub(super) fn entry(&self, age: usize) -> Option<&str> {
        self.entries.lines().rev().nth(age)
    }

    fn forget_oldest(&mut self) {
        let end = self.entries.find('\n').map_or(self.entries.len(), |newline| newline + 1);
        self.entries.drain(..end);
    }
}
