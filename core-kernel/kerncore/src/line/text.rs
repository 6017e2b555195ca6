//! One line of text with a cursor, in fixed memory.

use heapless::String;

/// A line and where the cursor stands in it (INV-LINE-1, INV-LINE-2). Every operation is bounded by the length
/// of the line; the ones that can do nothing say so by `false`.
#[derive(Clone, Debug)]
pub(super) struct Text<const BYTES: usize> {
    characters: String<BYTES>,
    cursor: usize,
}

impl<const BYTES: usize> Text<BYTES> {
    pub(super) const fn new() -> Self {
        Self { characters: String::new(), cursor: 0 }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.characters
    }

    /// The part left of the cursor.
    pub(super) fn before(&self) -> &str {
        &self.characters[..self.cursor]
    }

    /// The part from the cursor on.
    pub(super) fn after(&self) -> &str {
        &self.characters[self.cursor..]
    }

    pub(super) fn clear(&mut self) {
        self.characters.clear();
        self.cursor = 0;
    }

    /// Replaces the line and puts the cursor at its end; what does not fit is cut off.
    pub(super) fn set(&mut self, line: &str) {
        self.clear();
        for character in line.chars() {
            if !self.insert(character) {
                break;
            }
        }
    }

    /// Inserts a character at the cursor, which moves behind it; `false` if the line is full.
    #[must_use = "a full line should ring the bell"]
    pub(super) fn insert(&mut self, character: char) -> bool {
        let fits = self.characters.insert(self.cursor, character).is_ok();
        if fits {
            self.cursor += character.len_utf8();
        }
        fits
    }

    pub(super) fn left(&mut self) -> bool {
        let width = self.before().chars().next_back().map_or(0, char::len_utf8);
        self.cursor -= width;
        width > 0
    }

    pub(super) fn right(&mut self) -> bool {
        let width = self.after().chars().next().map_or(0, char::len_utf8);
        self.cursor += width;
        width > 0
    }

    pub(super) fn home(&mut self) {
        self.cursor = 0;
    }

    pub(super) fn end(&mut self) {
        self.cursor = self.characters.len();
    }

    /// Deletes the character under the cursor.
    pub(super) fn delete(&mut self) -> bool {
        let exists = self.cursor < self.characters.len();
        if exists {
            self.characters.remove(self.cursor);
        }
        exists
    }

    /// Deletes the character left of the cursor.
    pub(super) fn backspace(&mut self) -> bool {
        self.left() && self.delete()
    }

    pub(super) fn kill_to_end(&mut self) {
        self.characters.truncate(self.cursor);
    }

    pub(super) fn kill_to_start(&mut self) {
        self.kill_from(0);
    }

    /// Deletes the blanks left of the cursor and the word before them.
    pub(super) fn kill_word(&mut self) {
        let word = self.before().trim_end();
        let start = word.char_indices().rev().find(|(_, character)| character.is_whitespace());
        self.kill_from(start.map_or(0, |(index, blank)| index + blank.len_utf8()));
    }

    fn kill_from(&mut self, start: usize) {
        self.characters.drain(start..self.cursor);
        self.cursor = start;
    }
}
