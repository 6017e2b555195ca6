//! Where two schema texts differ, cut at the borders of words so that it can be read.

use core::fmt;

/// The parts of two schemas between their common start and their common end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference<'a> {
    /// What both start with.
    pub before: &'a str,
    /// What the extension was built against.
    pub wanted: &'a str,
    /// What the kernel offers.
    pub offered: &'a str,
}

impl<'a> Difference<'a> {
    /// Compares two schemas; `None` if they are equal.
    pub fn between(wanted: &'a str, offered: &'a str) -> Option<Self> {
        if wanted == offered {
            return None;
        }
        let start = common_start(wanted, offered);
        let (before, wanted) = wanted.split_at(start);
        let offered = &offered[start..];
        let end = common_end(wanted, offered);
        let (wanted, offered) = (&wanted[..wanted.len() - end], &offered[..offered.len() - end]);
        Some(Difference { before, wanted, offered })
    }
}

impl fmt::Display for Difference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { before, wanted, offered } = *self;
        let from = before.ceil_char_boundary(before.len().saturating_sub(MAX_SHOWN_BYTES));
        let cut = if from > 0 { "..." } else { "" };
        let (before, wanted, offered) = (&before[from..], Quoted(wanted), Quoted(offered));
        write!(f, "after `{cut}{before}` the extension has {wanted}, the kernel {offered}")
    }
}

/// The most bytes that are shown of each part: a package's schema has up to 4 KiB, and there can be hundreds of them.
const MAX_SHOWN_BYTES: usize = 80;

/// A part in quotes; an empty one in words.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nothing");
        }
        let shown = &self.0[..self.0.floor_char_boundary(MAX_SHOWN_BYTES)];
        write!(f, "`{shown}{}`", if shown.len() < self.0.len() { "..." } else { "" })
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Length of the common start, not ending inside a word of either.
fn common_start(left: &str, right: &str) -> usize {
    let pairs = left.char_indices().zip(right.chars());
    let same = pairs.take_while(|((_, a), b)| a == b).last().map_or(0, |((at, c), _)| at + c.len_utf8());
    let splits = |text: &str| {
        text[same..].chars().next().is_some_and(is_word)
            && text[..same].chars().next_back().is_some_and(is_word)
    };
    if splits(left) || splits(right) { left[..same].trim_end_matches(is_word).len() } else { same }
}

/// Length of the common end, not starting inside a word of either.
fn common_end(left: &str, right: &str) -> usize {
    let pairs = left.chars().rev().zip(right.chars().rev());
    let same: usize = pairs.take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let splits = |text: &str| {
        let (head, tail) = text.split_at(text.len() - same);
        tail.chars().next().is_some_and(is_word) && head.chars().next_back().is_some_and(is_word)
    };
    let tail = &left[left.len() - same..];
    if splits(left) || splits(right) { tail.trim_start_matches(is_word).len() } else { same }
}
