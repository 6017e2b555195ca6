//! From a line to what it does, or to what it should have been. Every line is a raise of `console.Command`.

use spindle_abi::{Status, split_command};
use spindle_dispatcher::RaiseError;
use spindle_kerncore::command::{Found, Grammar, find, nearest};

use super::Session;
use super::error::Failed;
use super::intrinsic::take_named;
use super::names;
use super::registry::{COMMANDS, Command, sorted_grammars};
use crate::events;

impl Session {
    /// Runs one line; whether it did what it was asked for. A blank line asks for nothing.
    pub(crate) fn execute(&mut self, line: &str) -> bool {
        let _current = self.sink().make_current();
        let line = line.trim();
        line.is_empty() || self.raise(line).is_ok()
    }

    /// Offers the line to whoever handles `console.Command`; what of the kernel's it names is run after that.
    fn raise(&mut self, line: &str) -> Result<(), Failed> {
        let (word, arguments) = split_command(line);
        // Nothing of a raise that was no line of a session.
        let _ = take_named();
        let raised = events::command(word, arguments);
        if let Some(command) = take_named() {
            // Somebody before the kernel may have faulted, which was reported; the line is run all the same.
            return self.run(command, command.grammar.rest(word, arguments).unwrap_or_default());
        }
        match raised {
            Ok(Status::OK) => Ok(()),
            // The handler has said why; or it faulted, and that was reported when its extension was taken away.
            Ok(Status::FAILED) | Err(RaiseError::Fault(_)) => Err(self.fail_silently()),
            Ok(status) => Err(self.fail(format_args!("`{word}` ended with status {}", status.code()))),
            Err(RaiseError::Busy(_)) => Err(self.fail(format_args!("`{word}` is busy; try again"))),
            Err(RaiseError::NoHandler) => Err(self.fail_unanswered(line)),
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

    /// Nobody has answered: says what the line may have been meant for.
    fn fail_unanswered(&self, line: &str) -> Failed {
        let (word, arguments) = split_command(line);
        match find(&COMMANDS, word, arguments) {
            Found::Incomplete => self.fail_incomplete(line),
            Found::Unknown | Found::Command(_) => self.fail_unknown(line),
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
