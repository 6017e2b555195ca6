//! The nearest of several names to one that was mistyped: "did you mean".
//!
//! *Interface.* [`nearest`] for a suggestion, [`distance`] for the measure alone.

/// Names are compared up to this many characters; what is longer differs by its length only.
const MAX_CHARACTERS: usize = 127;

type Row = [u16; MAX_CHARACTERS + 1];

/// How many single edits (insert, delete, replace, swap two neighbours) turn `left` into `right`: the optimal
/// string alignment distance, a common restriction of Damerau and Levenshtein's.
///
/// Complexity: the product of the lengths in time; about 1.3 KiB of stack, no allocation.
///
/// ```
/// use spindle_kerncore::nearest::distance;
/// assert_eq!(distance("laod", "load"), 1);
/// assert_eq!(distance("hello", "help"), 2);
/// ```
#[must_use]
pub fn distance(left: &str, right: &str) -> usize {
    let mut characters = ['\0'; MAX_CHARACTERS];
    let length = right.chars().zip(&mut characters).map(|(character, slot)| *slot = character).count();
    let beyond = left.chars().count().max(right.chars().count()).saturating_sub(MAX_CHARACTERS);
    let right = &characters[..length];
    aligned(left, right) + beyond
}

fn aligned(left: &str, right: &[char]) -> usize {
    let mut before_last: Row = [0; MAX_CHARACTERS + 1];
    let mut last: Row = core::array::from_fn(|column| column as u16);
    let mut previous = None;
    for (index, character) in left.chars().take(MAX_CHARACTERS).enumerate() {
        let mut row: Row = [0; MAX_CHARACTERS + 1];
        row[0] = index as u16 + 1;
        for (column, &other) in right.iter().enumerate() {
            let replaced = last[column] + u16::from(character != other);
            let mut least = replaced.min(last[column + 1] + 1).min(row[column] + 1);
            let swapped = column > 0 && previous == Some(other) && right[column - 1] == character;
            if swapped {
                least = least.min(before_last[column - 1] + 1);
            }
            row[column + 1] = least;
        }
        before_last = core::mem::replace(&mut last, row);
        previous = Some(character);
    }
    usize::from(last[right.len()])
}

/// Whether a name that is `edits` away may be what was meant: at most a third of the longer of both names, of
/// `longest` characters, edited; one edit is always allowed, unless it leaves nothing in common.
#[must_use]
pub fn is_near(edits: usize, longest: usize) -> bool {
    edits <= (longest / 3).max(1) && edits < longest
}

/// The candidate nearest to `wanted`, if it [`is_near`]; the first of several equally near ones.
///
/// ```
/// use spindle_kerncore::nearest::nearest;
/// assert_eq!(nearest("lod", ["load", "unload", "list"]), Some("load"));
/// assert_eq!(nearest("frobnicate", ["load", "unload", "list"]), None);
/// ```
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let measured = candidates.into_iter().map(|candidate| (distance(wanted, candidate), candidate));
    let (edits, candidate) = measured.min_by_key(|&(edits, _)| edits)?;
    is_near(edits, wanted.chars().count().max(candidate.chars().count())).then_some(candidate)
}
