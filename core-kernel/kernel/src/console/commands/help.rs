//! `help`: which commands there are and how they are used.

use alloc::string::String;
use alloc::vec::Vec;

use linkme::distributed_slice;
use spindle_kerncore::command::{Arguments, Arity, Grammar, Opt, Parameter};
use spindle_kerncore::table::{Cell, Column, Row};
use sval::Value;

use crate::console::Session;
use crate::console::error::Failed;
use crate::console::json::Shown;
use crate::console::names::{command_line, extension_commands};
use crate::console::registry::{COMMANDS, Command, sorted_grammars};

#[distributed_slice(COMMANDS)]
static HELP: Command = Command::new(&["help"], "list the commands, or show how one is used", help)
    .taking(&[Parameter { name: "COMMAND", arity: Arity::Rest, words: command_line }])
    .with(&[Opt::JSON]);

#[derive(Value)]
struct Description {
    usage: Shown<&'static Grammar>,
    summary: &'static str,
}

impl Row for Description {
    const COLUMNS: &'static [Column] = &[Column::words("COMMAND"), Column::words("WHAT IT DOES")];

    fn cell(&self, column: usize) -> Cell<'_> {
        match column {
            0 => Cell::Shown(&self.usage.0),
            _ => Cell::Word(self.summary),
        }
    }
}

fn help(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let words = arguments.words();
    let asked_for = |grammar: &&Grammar| grammar.name.starts_with(words);
    if sorted_grammars().find(asked_for).is_none() {
        let asked = words.first().copied().unwrap_or_default();
        return Err(session.fail_for_want_of("command", asked, command_line));
    }
    session.listing(arguments.json(), || {
        sorted_grammars()
            .filter(asked_for)
            .map(|grammar| Description { usage: Shown(grammar), summary: grammar.summary })
    });
    if words.is_empty() && !arguments.json() {
        list_extension_commands(session);
    }
    Ok(())
}

/// Each word once: several extensions may handle it.
fn list_extension_commands(session: &Session) {
    let mut words = Vec::new();
    extension_commands(&mut |word| words.push(String::from(word)));
    words.sort_unstable();
    words.dedup();
    if !words.is_empty() {
        session.say(format_args!("of extensions: {}", words.join(", ")));
    }
}
