//! Which commands there are, gathered at link time from the files of `commands`.

use linkme::distributed_slice;
use spindle_kerncore::command::{Arguments, Grammar, Opt, Parameter};

use super::Session;
use super::error::Failed;

/// What a command does. What it prints is its answer, and says why if it failed.
pub(super) type Run = fn(&mut Session, &Arguments<'_>) -> Result<(), Failed>;

/// One command of the kernel.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) grammar: Grammar,
    pub(super) run: Run,
}

/// Every command, in no order.
#[distributed_slice]
pub(super) static COMMANDS: [Command];

impl Command {
    /// A command without parameters and options.
    pub(super) const fn new(name: &'static [&'static str], summary: &'static str, run: Run) -> Self {
        Self { grammar: Grammar { name, parameters: &[], options: &[], summary }, run }
    }

    /// The same with parameters.
    pub(super) const fn taking(mut self, parameters: &'static [Parameter]) -> Self {
        self.grammar.parameters = parameters;
        self
    }

    /// The same with options.
    pub(super) const fn with(mut self, options: &'static [Opt]) -> Self {
        self.grammar.options = options;
        self
    }
}

impl AsRef<Grammar> for Command {
    fn as_ref(&self) -> &Grammar {
        &self.grammar
    }
}

/// The description of every command.
pub(super) fn grammars() -> impl Iterator<Item = &'static Grammar> + Clone {
    COMMANDS.iter().map(AsRef::as_ref)
}

/// Whether a command of the kernel begins with `word`.
pub(crate) fn is_command_of_the_kernel(word: &str) -> bool {
    grammars().any(|grammar| grammar.name.first() == Some(&word))
}

/// The same in the order of their names. Takes quadratic time and no memory.
pub(super) fn sorted_grammars() -> impl Iterator<Item = &'static Grammar> + Clone {
    let after = |last: &&Grammar| {
        let name = last.name;
        grammars().filter(move |grammar| grammar.name > name).min_by_key(|grammar| grammar.name)
    };
    core::iter::successors(grammars().min_by_key(|grammar| grammar.name), after)
}
