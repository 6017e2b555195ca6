//! What follows a command's name, checked against its grammar.

use core::fmt;

use heapless::Vec;

use super::{Arity, Grammar, MAX_ARGUMENTS, MAX_OPTIONS};

/// The arguments of one line; they fit the command's grammar.
#[derive(Clone, Debug)]
pub struct Arguments<'l> {
    words: Vec<&'l str, MAX_ARGUMENTS>,
    options: Vec<(&'static str, &'l str), MAX_OPTIONS>,
}

/// Why a line does not fit its command's grammar. The human corrects the line; the usage line shows how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsageError<'l> {
    /// A required parameter, by its name, is not there.
    Missing(&'static str),
    /// A word too many.
    Unexpected(&'l str),
    /// An option that the command does not have.
    UnknownOption(&'l str),
    /// An option, by its name, that was given twice.
    Repeated(&'static str),
    /// An option, by its name, at the end of the line, where its value is missing.
    MissingValue(&'static str),
}

impl<'l> Arguments<'l> {
    /// The positional word `index`, counted from 0.
    #[must_use]
    pub fn word(&self, index: usize) -> Option<&'l str> {
        self.words.get(index).copied()
    }

    /// All positional words.
    #[must_use]
    pub fn words(&self) -> &[&'l str] {
        &self.words
    }

    /// Whether the option `name` was given.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// The value of the option `name`, if it was given; empty if it takes none.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'l str> {
        self.options.iter().find(|(option, _)| *option == name).map(|&(_, value)| value)
    }

    /// Whether the output should be JSON.
    #[must_use]
    pub fn json(&self) -> bool {
        self.has(super::Opt::JSON.name)
    }
}

impl Grammar {
    /// Checks what follows the command's name.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn parse<'l>(&self, line: &'l str) -> Result<Arguments<'l>, UsageError<'l>> {
        let mut arguments = Arguments { words: Vec::new(), options: Vec::new() };
        let mut words = line.split_whitespace();
        while let Some(word) = words.next() {
            if word.starts_with("--") {
                self.take_option(word, &mut words, &mut arguments)?;
            } else {
                let expected = self.parameter(arguments.words.len()).is_some();
                let taken = expected && arguments.words.push(word).is_ok();
                taken.then_some(()).ok_or(UsageError::Unexpected(word))?;
            }
        }
        match self.parameters.get(arguments.words.len()) {
            Some(missing) if missing.arity == Arity::Required => Err(UsageError::Missing(missing.name)),
            _ => Ok(arguments),
        }
    }

    fn take_option<'l>(
        &self,
        word: &'l str,
        following: &mut impl Iterator<Item = &'l str>,
        arguments: &mut Arguments<'l>,
    ) -> Result<(), UsageError<'l>> {
        let option = self.option(word).ok_or(UsageError::UnknownOption(word))?;
        if arguments.has(option.name) {
            return Err(UsageError::Repeated(option.name));
        }
        let value = match option.value {
            None => "",
            Some(_) => following.next().ok_or(UsageError::MissingValue(option.name))?,
        };
        arguments.options.push((option.name, value)).map_err(|_| UsageError::Unexpected(word))
    }
}

impl fmt::Display for UsageError<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(out, "{name} is missing"),
            Self::Unexpected(word) => write!(out, "`{word}` is one word too many"),
            Self::UnknownOption(word) => write!(out, "there is no option `{word}`"),
            Self::Repeated(name) => write!(out, "{name} is given twice"),
            Self::MissingValue(name) => write!(out, "{name} needs a value"),
        }
    }
}

impl core::error::Error for UsageError<'_> {}
