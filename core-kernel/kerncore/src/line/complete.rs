//! Completion: which words could stand where the cursor is, and what they have in common.

use core::fmt::Write;

use heapless::String;

/// Knows the words that a line may be made of.
pub trait Completer {
    /// Calls `found` with every whole word that the last, possibly empty, word of `before` (the line up to the
    /// cursor) may become: in ascending order, each once. [`offer`] does that from any iterator.
    fn complete(&self, before: &str, found: &mut dyn FnMut(&str));
}

/// Completes nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoCompletion;

impl Completer for NoCompletion {
    fn complete(&self, _before: &str, _found: &mut dyn FnMut(&str)) {}
}

/// Offers those `words` that begin with `prefix` to `found`, in ascending order and each once, however they are
/// ordered and repeated. Takes quadratic time and no memory.
///
/// ```
/// let mut seen = String::new();
/// spindle_kerncore::line::offer(["list", "load", "list", "info"].into_iter(), "l", &mut |word| seen += word);
/// assert_eq!(seen, "listload");
/// ```
pub fn offer<'a>(words: impl Iterator<Item = &'a str> + Clone, prefix: &str, found: &mut dyn FnMut(&str)) {
    let mut last: Option<&str> = None;
    let matching = words.filter(|word| word.starts_with(prefix));
    while let Some(next) = matching.clone().filter(|&word| last.is_none_or(|last| word > last)).min() {
        found(next);
        last = Some(next);
    }
}

/// The word being completed: what follows the last blank of the line up to the cursor.
pub(super) fn last_word(before: &str) -> &str {
    before.rsplit(char::is_whitespace).next().unwrap_or(before)
}

/// What the candidates for a word have in common.
#[derive(Debug)]
pub(super) struct Candidates<const BYTES: usize> {
    /// How many there are.
    pub(super) count: usize,
    /// The longest prefix that all of them share.
    pub(super) common: String<BYTES>,
    /// The width of the widest, in bytes.
    pub(super) widest: usize,
}

impl<const BYTES: usize> Candidates<BYTES> {
    /// Asks the completer. A candidate longer than a line counts with the part that fits.
    pub(super) fn of(before: &str, completer: &dyn Completer) -> Self {
        let mut candidates = Self { count: 0, common: String::new(), widest: 0 };
        completer.complete(before, &mut |word| candidates.add(word));
        candidates
    }

    fn add(&mut self, word: &str) {
        if self.count == 0 {
            // An error means that the rest does not fit: the prefix that fits stands.
            let _ = self.common.write_str(&word[..word.floor_char_boundary(BYTES)]);
        } else {
            self.common.truncate(common_prefix_bytes(&self.common, word));
        }
        self.count += 1;
        self.widest = self.widest.max(word.len());
    }
}

fn common_prefix_bytes(left: &str, right: &str) -> usize {
    let differs = left.char_indices().zip(right.chars()).find(|((_, left), right)| left != right);
    differs.map_or(left.len().min(right.len()), |((index, _), _)| index)
}

/// Prints the candidates in columns below the line.
pub(super) fn list(
    before: &str,
    completer: &dyn Completer,
    widest: usize,
    columns: usize,
    out: &mut impl Write,
) -> core::fmt::Result {
    let cell = widest + 2;
    let per_row = (columns / cell).max(1);
    let mut index = 0;
    let mut result = Ok(());
    completer.complete(before, &mut |word| {
        let separator = if index % per_row == 0 { "\r\n" } else { "" };
        let padding = if (index + 1) % per_row == 0 { word.len() } else { cell };
        result = result.and_then(|()| write!(out, "{separator}{word:padding$}"));
        index += 1;
    });
    result?;
    out.write_str("\r\n")
}
