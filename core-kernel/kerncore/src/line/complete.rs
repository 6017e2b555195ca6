//! Completion: which words could stand where the cursor is, and what they have in common.

use core::fmt::{self, Write};

use heapless::String;

/// Knows the words that a line may be made of.
pub trait Completer {
    /// Calls `found` with every whole word that may stand where the last, possibly empty, word of `before` (the
    /// line up to the cursor) stands: in any order, and repeated if that is easier. Those that do not begin like
    /// the word typed so far are left out by the editor.
    fn complete(&self, before: &str, found: &mut dyn FnMut(&str));
}

/// Completes nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoCompletion;

impl Completer for NoCompletion {
    fn complete(&self, _before: &str, _found: &mut dyn FnMut(&str)) {}
}

/// The word being completed: what follows the last blank of the line up to the cursor.
#[must_use]
pub fn last_word(before: &str) -> &str {
    before.rsplit(char::is_whitespace).next().unwrap_or(before)
}

/// The candidates for the last word of `before`; asked for anew each time, so that they take no memory.
pub(super) struct Candidates<'a> {
    pub(super) before: &'a str,
    pub(super) completer: &'a dyn Completer,
}

/// What the candidates for a word have in common.
#[derive(Debug, Default)]
pub(super) struct Agreement<const BYTES: usize> {
    /// The longest prefix that all of them share.
    pub(super) common: String<BYTES>,
    /// Bytes of the shortest and of the longest candidate; `None` if there is no candidate.
    pub(super) lengths: Option<(usize, usize)>,
}

impl Candidates<'_> {
    /// The part of the word that is typed already.
    pub(super) fn typed(&self) -> &str {
        last_word(self.before)
    }

    fn for_each(&self, mut see: impl FnMut(&str)) {
        let typed = self.typed();
        self.completer.complete(self.before, &mut |word| {
            if word.starts_with(typed) {
                see(word);
            }
        });
    }

    /// How far they agree. A candidate longer than a line counts with the part that fits.
    pub(super) fn agreement<const BYTES: usize>(&self) -> Agreement<BYTES> {
        let mut agreement = Agreement::default();
        self.for_each(|word| agreement.add(word));
        agreement
    }

    /// The first candidate in ascending order that comes after `last`.
    fn next_after<const BYTES: usize>(&self, last: Option<&str>) -> Option<String<BYTES>> {
        let mut next: Option<String<BYTES>> = None;
        self.for_each(|word| {
            let word = fitting::<BYTES>(word);
            if last.is_none_or(|last| word > last) && next.as_ref().is_none_or(|next| word < next.as_str()) {
                next = String::try_from(word).ok();
            }
        });
        next
    }

    /// Prints them below the line: in ascending order, each once, in columns. Takes quadratic time.
    pub(super) fn list<const BYTES: usize>(
        &self,
        widest: usize,
        columns: usize,
        out: &mut impl Write,
    ) -> fmt::Result {
        let cell = widest + 2;
        let per_row = (columns / cell).max(1);
        let mut last: Option<String<BYTES>> = None;
        let mut index = 0;
        while let Some(word) = self.next_after::<BYTES>(last.as_deref()) {
            let separator = if index % per_row == 0 { "\r\n" } else { "" };
            let padding = if (index + 1) % per_row == 0 { 0 } else { cell };
            write!(out, "{separator}{word:padding$}")?;
            index += 1;
            last = Some(word);
        }
        out.write_str("\r\n")
    }
}

impl<const BYTES: usize> Agreement<BYTES> {
    /// Whether there is exactly one candidate.
    pub(super) fn is_unique(&self) -> bool {
        self.lengths == Some((self.common.len(), self.common.len()))
    }

    fn add(&mut self, word: &str) {
        let word = fitting::<BYTES>(word);
        let Some((shortest, longest)) = self.lengths else {
            self.common = String::try_from(word).unwrap_or_default();
            self.lengths = Some((word.len(), word.len()));
            return;
        };
        self.common.truncate(common_prefix_bytes(&self.common, word));
        self.lengths = Some((shortest.min(word.len()), longest.max(word.len())));
    }
}

/// As much of a word as fits in a line.
fn fitting<const BYTES: usize>(word: &str) -> &str {
    &word[..word.floor_char_boundary(BYTES)]
}

fn common_prefix_bytes(left: &str, right: &str) -> usize {
    let differs = left.char_indices().zip(right.chars()).find(|((_, left), right)| left != right);
    differs.map_or(left.len().min(right.len()), |((index, _), _)| index)
}
