//! The description of one command.

use core::fmt;

/// Whether a parameter must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// Exactly one word.
    Required,
    /// One word or none.
    Optional,
    /// Any number of words; only for the last parameter.
    Rest,
}

/// Calls `found` with each word that may stand after the arguments `before`; for completion only.
pub type Words = fn(before: &str, found: &mut dyn FnMut(&str));

/// A word that follows the command's name.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// As it stands in the usage line, in capitals.
    pub name: &'static str,
    /// Whether it must be there.
    pub arity: Arity,
    /// Which words may stand here.
    pub words: Words,
}

/// An option: a word that begins with `--`, anywhere after the command's name.
#[derive(Clone, Copy, Debug)]
pub struct Opt {
    /// Its name, dashes included.
    pub name: &'static str,
    /// The name of its value, if the next word is one.
    pub value: Option<&'static str>,
}

/// One command.
#[derive(Clone, Copy, Debug)]
pub struct Grammar {
    /// The words that name it.
    pub name: &'static [&'static str],
    /// What it takes, in order.
    pub parameters: &'static [Parameter],
    /// Its options.
    pub options: &'static [Opt],
    /// What it does, in a few words.
    pub summary: &'static str,
}

impl Opt {
    /// Print as JSON: every listing has this.
    pub const JSON: Self = Self { name: "--json", value: None };
}

impl Parameter {
    /// A parameter that must be there.
    #[must_use]
    pub const fn required(name: &'static str, words: Words) -> Self {
        Self { name, arity: Arity::Required, words }
    }

    /// A parameter that may be there.
    #[must_use]
    pub const fn optional(name: &'static str, words: Words) -> Self {
        Self { name, arity: Arity::Optional, words }
    }
}

impl Grammar {
    /// The command's name as it is typed: `ext load`.
    pub fn title(&self) -> impl fmt::Display + use<> {
        let name = self.name;
        fmt::from_fn(move |out| {
            let separators = core::iter::once("").chain(core::iter::repeat(" "));
            separators.zip(name).try_for_each(|(separator, word)| write!(out, "{separator}{word}"))
        })
    }

    /// The parameter that the positional word `index` is for.
    pub(super) fn parameter(&self, index: usize) -> Option<&'static Parameter> {
        let last = self.parameters.last().filter(|last| last.arity == Arity::Rest);
        self.parameters.get(index).or(last)
    }

    /// The option called `name`.
    pub(super) fn option(&self, name: &str) -> Option<&'static Opt> {
        self.options.iter().find(|option| option.name == name)
    }
}

/// The usage line: `bench [FILTER] [--samples N] [--json]`.
impl fmt::Display for Grammar {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.title())?;
        for Parameter { name, arity, .. } in self.parameters {
            match arity {
                Arity::Required => write!(out, " {name}"),
                Arity::Optional => write!(out, " [{name}]"),
                Arity::Rest => write!(out, " [{name}...]"),
            }?;
        }
        for Opt { name, value } in self.options {
            match value {
                None => write!(out, " [{name}]"),
                Some(value) => write!(out, " [{name} {value}]"),
            }?;
        }
        Ok(())
    }
}
