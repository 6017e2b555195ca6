//! From a line to what it does, or to what it should have been.

use spindle_abi::{Status, split_command};
use spindle_dispatcher::RaiseError;
use spindle_kerncore::command::{Found, Grammar, find, nearest};

use super::Session;
use super::error::Failed;
use super::names;
use super::registry::{COMMANDS, Command, sorted_grammars};
use crate::events;

impl Session {
    /// Runs one line; whether it did what it was asked for. A blank line asks for nothing.
    pub(crate) fn execute(&mut self, line: &str) -> bool {
        let _current = self.sink().make_current();
        self.dispatch(line.trim()).is_ok()
    }

    fn dispatch(&mut self, line: &str) -> Result<(), Failed> {
        if line.is_empty() {
            return Ok(());
        }
        match find(&COMMANDS, line) {
            Found::Command(command, rest) => self.run(command, rest),
            Found::Incomplete => Err(self.fail_incomplete(line)),
            Found::Unknown => self.raise(line),
        }
    }

    fn run(&mut self, command: &Command, rest: &str) -> Result<(), Failed> {
        match command.grammar.parse(rest) {
            Ok(arguments) => (command.run)(self, &arguments),
            Err(error) => {
                let failed = self.fail(error);
                self.show_usage(&command.grammar);
                Err(failed)
            }
        }
    }

    /// Offers the line to extensions.
    fn raise(&self, line: &str) -> Result<(), Failed> {
        let (word, arguments) = split_command(line);
        match events::command(word, arguments) {
            Ok(Status::OK) => Ok(()),
            // The handler has said why; or it faulted, and that was reported when its extension was taken away.
            Ok(Status::FAILED) | Err(RaiseError::Fault(_)) => Err(self.fail_silently()),
            Ok(status) => Err(self.fail(format_args!("`{word}` ended with status {}", status.code()))),
            Err(RaiseError::NoHandler) => Err(self.fail_unknown(line)),
            Err(error @ RaiseError::Busy(_)) => Err(self.fail(format_args!("`{word}`: {error}; try again"))),
        }
    }

    /// The first word is known: the usage of the nearest command that begins with it, or of all that do.
    fn fail_incomplete(&self, line: &str) -> Failed {
        let failed = self.fail(format_args!("no command `{line}`"));
        let first = split_command(line).0;
        let begins_so = |grammar: &&Grammar| grammar.name.first() == Some(&first);
        match nearest(&COMMANDS, line).map(AsRef::as_ref).filter(begins_so) {
            Some(grammar) => self.show_usage(grammar),
            None => sorted_grammars().filter(begins_so).for_each(|grammar| self.show_usage(grammar)),
        }
        failed
    }

    /// Nobody knows the first word: the nearest command of an extension, the usage of the kernel's nearest.
    fn fail_unknown(&self, line: &str) -> Failed {
        let word = split_command(line).0;
        let failed = self.fail_for_want_of("command", word, |_, found| names::extension_commands(found));
        match nearest(&COMMANDS, line) {
            Some(command) => self.show_usage(&command.grammar),
            None => self.say(format_args!("`help` lists all commands")),
        }
        failed
    }

    fn show_usage(&self, grammar: &Grammar) {
        self.say(format_args!("usage: {grammar}"));
    }
}
