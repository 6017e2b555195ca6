//! Interposes on the console: sees every line before whoever handles it, keeps the newest ones, and vetoes what it was
//! told to. `logger` shows the lines, `logger forbid WORD` and `logger allow WORD` say which may not pass.
#![no_std]

use spindle_sdk::alloc::collections::VecDeque;
use spindle_sdk::interfaces::health::{self, Report};
use spindle_sdk::prelude::*;

const USAGE: &str = "usage: logger, logger forbid WORD, or logger allow WORD";
/// How many lines are kept.
const LINES: usize = 100;
/// How many words can be forbidden.
const WORDS: usize = 16;

/// The lines seen, newest last, and the first words that may not pass.
#[derive(Default)]
pub struct Logger {
    lines: Mutex<VecDeque<String>>,
    forbidden: Mutex<Vec<String>>,
}

#[extension]
impl Logger {
    /// Comes first. Answers the lines that may not pass itself, so that nobody else gets them; passes on all others.
    #[handler(console::Command, first)]
    fn see(&self, word: &str, arguments: &str) -> Status {
        // Its own commands always pass: or it could not be told to allow them again.
        let vetoed = word != "logger" && self.forbidden.lock().iter().any(|forbidden| forbidden == word);
        self.keep(word, arguments, vetoed);
        if !vetoed {
            return Status::UNHANDLED;
        }
        println!("`{word}` is forbidden here; `logger allow {word}` changes that");
        Status::FAILED
    }

    #[handler(console::Command, word = "logger")]
    fn command(&self, _word: &str, arguments: &str) -> Status {
        match arguments.split_once(char::is_whitespace).unwrap_or((arguments, "")) {
            ("", _) => self.show(),
            ("forbid", word) if !word.is_empty() => return self.forbid(word.trim()),
            ("allow", word) if !word.is_empty() => {
                self.forbidden.lock().retain(|forbidden| forbidden != word.trim())
            }
            _ => {
                println!("{USAGE}");
                return Status::FAILED;
            }
        }
        Status::OK
    }

    #[handler(health::Check)]
    fn check(&self) -> Report {
        Report::FINE
    }

    fn keep(&self, word: &str, arguments: &str, vetoed: bool) {
        let (ms, blank) = (clock::now() / 1_000_000, if arguments.is_empty() { "" } else { " " });
        let verdict = if vetoed { "  (vetoed)" } else { "" };
        let line = format!("[{}.{:03}] {word}{blank}{arguments}{verdict}", ms / 1000, ms % 1000);
        let mut lines = self.lines.lock();
        if lines.len() == LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn show(&self) {
        self.lines.lock().iter().for_each(|line| println!("{line}"));
    }

    fn forbid(&self, word: &str) -> Status {
        let mut forbidden = self.forbidden.lock();
        if forbidden.len() == WORDS {
            println!("{WORDS} words are forbidden, the most there can be");
            return Status::FAILED;
        }
        forbidden.push(word.into());
        Status::OK
    }
}
