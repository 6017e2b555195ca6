//! Which command a line names, or nearly names.

use core::fmt::Write;

use heapless::String;

use super::Grammar;
use crate::nearest::{distance, is_near};

/// Longer names are compared by their first bytes; no command's name comes near it.
const TITLE_BYTES: usize = 64;

/// What a line names.
#[derive(Clone, Copy, Debug)]
pub enum Found<'c, C> {
    /// This command.
    Command(&'c C),
    /// None, though its first word begins the name of some.
    Incomplete,
    /// None at all.
    Unknown,
}

/// Finds the command that a line of first word `word` and then `arguments` names: the one with the longest name that the
/// line begins with. Complexity: linear in the number of commands.
pub fn find<'c, C: AsRef<Grammar>>(commands: &'c [C], word: &str, arguments: &str) -> Found<'c, C> {
    let named = commands.iter().filter(|command| command.as_ref().rest(word, arguments).is_some());
    if let Some(command) = named.max_by_key(|command| command.as_ref().name.len()) {
        return Found::Command(command);
    }
    let begun = commands.iter().any(|command| command.as_ref().name.first() == Some(&word));
    if begun { Found::Incomplete } else { Found::Unknown }
}

impl Grammar {
    /// What follows the command's name in a line of first word `word` and then `arguments`, if the line begins with it.
    #[must_use]
    pub fn rest<'l>(&self, word: &str, arguments: &'l str) -> Option<&'l str> {
        let (first, others) = self.name.split_first()?;
        let others = (*first == word).then_some(others)?;
        others.iter().try_fold(arguments, |arguments, &word| {
            let rest = arguments.trim_start().strip_prefix(word)?;
            (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some(rest)
        })
    }
}

/// The command whose name is nearest to what the line begins with, if one is near enough to be meant.
/// Complexity: one edit distance for each command.
pub fn nearest<'c, C: AsRef<Grammar>>(commands: &'c [C], line: &str) -> Option<&'c C> {
    let measured = commands.iter().map(|command| (edits(command.as_ref(), line), command));
    let ((edits, longest), command) = measured.min_by_key(|((edits, _), _)| *edits)?;
    is_near(edits, longest).then_some(command)
}

/// How far the first words of the line, as many as the name has, are from the name; and the longer one's length.
fn edits(grammar: &Grammar, line: &str) -> (usize, usize) {
    let title = joined(grammar.name.iter().copied());
    let typed = joined(line.split_whitespace().take(grammar.name.len()));
    (distance(&title, &typed), title.chars().count().max(typed.chars().count()))
}

/// The words with single blanks between them, as far as they fit.
fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String<TITLE_BYTES> {
    let mut text = String::new();
    for word in words {
        let separator = if text.is_empty() { "" } else { " " };
        // What does not fit is not compared.
        let _ = write!(text, "{separator}{word}");
    }
    text
}
