//! Which words may come next in a line that is being typed.

use super::Grammar;
use crate::line::last_word;

/// Calls `found` with each word that may stand where the last, possibly empty, word of `before` stands: words of
/// command names, what parameters take, and options once a dash has been typed.
pub fn complete<'c>(grammars: impl Iterator<Item = &'c Grammar>, before: &str, found: &mut dyn FnMut(&str)) {
    let last = last_word(before);
    let typed = &before[..before.len() - last.len()];
    grammars.for_each(|grammar| grammar.complete(typed, last, found));
}

impl Grammar {
    /// `typed` is what stands before the word `last`.
    fn complete(&self, typed: &str, last: &str, found: &mut dyn FnMut(&str)) {
        let mut rest = typed.trim_start();
        for &word in self.name {
            let (first, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            if first.is_empty() {
                return found(word);
            }
            if first != word {
                return;
            }
            rest = after.trim_start();
        }
        self.complete_argument(rest, last, found);
    }

    fn complete_argument(&self, typed: &str, last: &str, found: &mut dyn FnMut(&str)) {
        let mut words = typed.split_whitespace();
        let mut positional = 0;
        while let Some(word) = words.next() {
            match self.option(word) {
                Some(option) if option.value.is_some() && words.next().is_none() => return,
                Some(_) => {}
                None => positional += 1,
            }
        }
        if last.starts_with('-') {
            self.options.iter().for_each(|option| found(option.name));
        } else if let Some(parameter) = self.parameter(positional) {
            (parameter.words)(typed, found);
        }
    }
}
