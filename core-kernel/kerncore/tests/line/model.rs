//! Property: whatever is pressed, the editor agrees with a model that keeps the line as a list of characters.

use proptest::prelude::*;
use unicode_width::UnicodeWidthChar;

use crate::terminal::{COLUMNS, HISTORY_BYTES, LINE_BYTES, PROMPT, Terminal};

/// A key, and the bytes that terminals send for it.
#[derive(Clone, Debug)]
enum Key {
    Type(char),
    Enter,
    Backspace,
    Delete,
    Left,
    Right,
    Home,
    End,
    Up,
    Down,
    KillToEnd,
    KillToStart,
    KillWord,
    Cancel,
    Noise(&'static str),
}

impl Key {
    fn bytes(&self) -> String {
        let fixed = match self {
            Key::Type(character) => return character.to_string(),
            Key::Enter => "\r",
            Key::Backspace => "\x7f",
            Key::Delete => "\x1b[3~",
            Key::Left => "\x1b[D",
            Key::Right => "\x1bOC",
            Key::Home => "\x01",
            Key::End => "\x1b[F",
            Key::Up => "\x1b[A",
            Key::Down => "\x1b[B",
            Key::KillToEnd => "\x0b",
            Key::KillToStart => "\x15",
            Key::KillWord => "\x17",
            Key::Cancel => "\x03",
            Key::Noise(bytes) => bytes,
        };
        fixed.to_owned()
    }
}

#[derive(Default)]
struct Model {
    line: Vec<char>,
    cursor: usize,
    history: Vec<String>,
    browsing: Option<(usize, Vec<char>, usize)>,
    entered: Vec<String>,
}

impl Model {
    fn press(&mut self, key: &Key) {
        match key {
            Key::Type(character) => self.insert(*character),
            Key::Enter => self.enter(),
            Key::Cancel => self.reset(),
            Key::Left => self.cursor = self.cursor.saturating_sub(1),
            Key::Right => self.cursor = (self.cursor + 1).min(self.line.len()),
            Key::Home => self.cursor = 0,
            Key::End => self.cursor = self.line.len(),
            Key::Backspace => self.remove(self.cursor.saturating_sub(1), self.cursor),
            Key::Delete => self.remove(self.cursor, (self.cursor + 1).min(self.line.len())),
            Key::KillToEnd => self.remove(self.cursor, self.line.len()),
            Key::KillToStart => self.remove(0, self.cursor),
            Key::KillWord => self.remove(self.word_start(), self.cursor),
            Key::Up => self.older(),
            Key::Down => self.newer(),
            Key::Noise(_) => {}
        }
    }

    fn text(&self) -> String {
        self.line.iter().collect()
    }

    fn insert(&mut self, character: char) {
        if self.text().len() + character.len_utf8() <= LINE_BYTES {
            self.line.insert(self.cursor, character);
            self.cursor += 1;
        }
    }

    fn remove(&mut self, start: usize, end: usize) {
        self.line.drain(start..end);
        self.cursor = start;
    }

    fn word_start(&self) -> usize {
        let mut start = self.cursor;
        while start > 0 && self.line[start - 1] == ' ' {
            start -= 1;
        }
        while start > 0 && self.line[start - 1] != ' ' {
            start -= 1;
        }
        start
    }

    fn reset(&mut self) {
        self.line.clear();
        self.cursor = 0;
        self.browsing = None;
    }

    fn enter(&mut self) {
        let line = self.text();
        self.entered.push(line.clone());
        let line = line.trim_end().to_owned();
        if !line.trim().is_empty() && self.history.last() != Some(&line) && line.len() < HISTORY_BYTES {
            self.history.push(line);
            while self.history.iter().map(|entry| entry.len() + 1).sum::<usize>() > HISTORY_BYTES {
                self.history.remove(0);
            }
        }
        self.reset();
    }

    fn older(&mut self) {
        let age = self.browsing.as_ref().map_or(0, |(age, ..)| age + 1);
        if age < self.history.len() {
            let (draft, cursor) = match self.browsing.take() {
                Some((_, draft, cursor)) => (draft, cursor),
                None => (self.line.clone(), self.cursor),
            };
            self.browsing = Some((age, draft, cursor));
            self.recall(age);
        }
    }

    fn newer(&mut self) {
        match self.browsing.take() {
            None => {}
            Some((0, draft, cursor)) => (self.line, self.cursor) = (draft, cursor),
            Some((age, draft, cursor)) => {
                self.browsing = Some((age - 1, draft, cursor));
                self.recall(age - 1);
            }
        }
    }

    fn recall(&mut self, age: usize) {
        self.line = self.history[self.history.len() - 1 - age].chars().collect();
        self.cursor = self.line.len();
    }

    /// The row as a human should see it, if the whole line fits in it.
    fn row(&self) -> Option<String> {
        let row = format!("{PROMPT}{}", self.text());
        (width(&row) < usize::from(COLUMNS.get())).then(|| row.trim_end().to_owned())
    }

    fn column(&self) -> usize {
        width(PROMPT) + width(&self.line[..self.cursor].iter().collect::<String>())
    }
}

fn width(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}

fn key() -> impl Strategy<Value = Key> {
    let character = prop_oneof![
        6 => prop::char::range('a', 'f'),
        2 => Just(' '),
        1 => prop::sample::select(vec!['ü', 'ß', '日', '🦀']),
    ];
    let movement = prop::sample::select(vec![
        Key::Left,
        Key::Left,
        Key::Right,
        Key::Home,
        Key::End,
        Key::Up,
        Key::Up,
        Key::Down,
    ]);
    let deletion = prop::sample::select(vec![
        Key::Backspace,
        Key::Backspace,
        Key::Delete,
        Key::KillToEnd,
        Key::KillToStart,
        Key::KillWord,
        Key::Cancel,
    ]);
    let noise = prop::sample::select(vec!["\x1b[15~", "\x1b[1;2C", "\x1bz", "\x00", "\x1b[?1l"]);
    prop_oneof![
        12 => character.prop_map(Key::Type),
        4 => movement,
        2 => deletion,
        1 => Just(Key::Enter),
        1 => noise.prop_map(Key::Noise),
    ]
}

proptest! {
    #[test]
    fn the_editor_agrees_with_the_model(keys in prop::collection::vec(key(), 0..200)) {
        let (mut terminal, mut model) = (Terminal::new(), Model::default());
        for key in &keys {
            terminal.press(key.bytes());
            model.press(key);
            prop_assert_eq!(terminal.line(), model.text());
            prop_assert_eq!(terminal.cursor(), model.line[..model.cursor].iter().map(|c| c.len_utf8()).sum::<usize>());
            if let Some(row) = model.row() {
                prop_assert_eq!(terminal.row(), row);
                prop_assert_eq!(terminal.column(), model.column());
            }
            prop_assert!(terminal.column() < usize::from(COLUMNS.get()));
        }
        prop_assert_eq!(&terminal.entered, &model.entered);
        prop_assert_eq!(terminal.misunderstood(), 0);
    }

    #[test]
    fn no_bytes_upset_the_editor(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let mut terminal = Terminal::new();
        terminal.press(&bytes);
        prop_assert!(terminal.line().len() <= LINE_BYTES);
        prop_assert!(terminal.line().chars().all(|character| !character.is_control()));
        prop_assert_eq!(terminal.misunderstood(), 0);
        // Ends whatever escape was begun; then the human is heard again.
        terminal.press("\x03mem\r");
        prop_assert_eq!(terminal.entered.last().map(String::as_str), Some("mem"));
    }
}
