//! The names that a human may type: for completion, and for the nearest one to a mistyped name.
//!
//! Each function calls back with every name, in any order, perhaps repeated.

use log::LevelFilter;
use spindle_abi::{Asked, Key};
use spindle_domain::Info;
use spindle_kerncore::command::complete;
use spindle_kerncore::line::Completer;
use spindle_strands::current;

use super::registry::grammars;
use crate::ramdisk;

/// The event that is raised for every line.
const COMMAND_EVENT: &str = "console.Command";

/// Completes lines of the console.
pub(super) struct ConsoleWords;

impl Completer for ConsoleWords {
    fn complete(&self, before: &str, found: &mut dyn FnMut(&str)) {
        command_line(before, found);
        if before.trim_start().split_once(char::is_whitespace).is_none() {
            extension_commands(found);
        }
    }
}

/// Words of the kernel's commands, and what they take.
pub(super) fn command_line(before: &str, found: &mut dyn FnMut(&str)) {
    complete(grammars(), before, found);
}

/// First words that loaded extensions handle.
pub(super) fn extension_commands(found: &mut dyn FnMut(&str)) {
    let Some(event) = spindle_domain::event(COMMAND_EVENT) else { return };
    event.for_each_binding(current(), |binding| {
        let key = binding.key().filter(|_| !binding.is_disabled());
        for term in key.iter().flat_map(|key| key.terms()) {
            if let Asked::Equal(Key::Word(word)) = term.asked {
                found(word);
            }
        }
    });
}

/// Extensions in the ramdisk.
pub(super) fn packages(_before: &str, found: &mut dyn FnMut(&str)) {
    ramdisk::packages().for_each(|(name, _)| found(&name));
}

/// User programs in the ramdisk.
pub(super) fn programs(_before: &str, found: &mut dyn FnMut(&str)) {
    ramdisk::programs().for_each(|(name, _)| found(&name));
}

/// What has no names.
pub(super) fn nothing(_before: &str, _found: &mut dyn FnMut(&str)) {}

/// Loaded extensions.
pub(super) fn loaded(_before: &str, found: &mut dyn FnMut(&str)) {
    spindle_domain::list().iter().for_each(|Info { name, .. }| found(name));
}

/// Extensions in the ramdisk, and loaded ones.
pub(super) fn extensions(before: &str, found: &mut dyn FnMut(&str)) {
    packages(before, found);
    loaded(before, found);
}

/// Events that extensions may handle.
pub(super) fn events(_before: &str, found: &mut dyn FnMut(&str)) {
    spindle_domain::events().for_each(|event| found(event.declaration().name));
}

/// The two positions of a switch.
pub(super) fn switches(_before: &str, found: &mut dyn FnMut(&str)) {
    ["on", "off"].into_iter().for_each(found);
}

/// Ids of benchmarks.
pub(super) fn benchmarks(_before: &str, found: &mut dyn FnMut(&str)) {
    spindle_bench_guest::all().for_each(|bench| found(bench.id));
}

/// Log levels, `off` included.
pub(super) fn levels(_before: &str, found: &mut dyn FnMut(&str)) {
    LevelFilter::iter().for_each(|level| found(level_name(level)));
}

/// The name of a log level as a human types it.
pub(super) fn level_name(level: LevelFilter) -> &'static str {
    match level {
        LevelFilter::Off => "off",
        LevelFilter::Error => "error",
        LevelFilter::Warn => "warn",
        LevelFilter::Info => "info",
        LevelFilter::Debug => "debug",
        LevelFilter::Trace => "trace",
    }
}
