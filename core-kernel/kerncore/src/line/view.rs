//! How a line looks: one row of a terminal, that scrolls sideways under a long line.

use core::fmt::{self, Write};

use unicode_width::UnicodeWidthChar;

/// Moves to the first column and erases the row. What is drawn then is one unbroken run of text up to the cursor,
/// so that a program that reads the serial line finds prompt and line together.
const ERASE_ROW: &str = "\r\x1b[K";
/// Moves to the first row and column and erases the screen.
const CLEAR_SCREEN: &str = "\x1b[H\x1b[2J";

/// Follows a line that Ctrl-C gave up.
const GIVEN_UP: &str = "^C";

/// The row that a line is shown in.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    prompt: &'static str,
    columns: usize,
}

impl View {
    /// A row of `columns` columns that begins with `prompt`.
    pub(super) const fn new(prompt: &'static str, columns: usize) -> Self {
        Self { prompt, columns }
    }

    /// Draws the row anew, wherever in it the terminal's cursor stands.
    pub(super) fn draw(&self, before: &str, after: &str, out: &mut impl Write) -> fmt::Result {
        let left = self.visible_before(before, 0);
        let right = self.visible_after(after, width(self.prompt) + width(left));
        write!(out, "{ERASE_ROW}{}{left}{right}", self.prompt)?;
        match width(right) {
            0 => Ok(()),
            back => write!(out, "\x1b[{back}D"),
        }
    }

    /// Marks a line as given up and leaves its row.
    pub(super) fn give_up(&self, line: &str, out: &mut impl Write) -> fmt::Result {
        let end = self.visible_before(line, GIVEN_UP.len());
        write!(out, "{ERASE_ROW}{}{end}{GIVEN_UP}\r\n", self.prompt)
    }

    /// Whether a line that ends at the cursor may simply be continued by writing `character`.
    pub(super) fn can_append(&self, before: &str, character: char) -> bool {
        let end = width(self.prompt) + width(before) + character_width(character);
        character.is_ascii() && end < self.columns
    }

    /// Empties the row.
    pub(super) fn erase(out: &mut impl Write) -> fmt::Result {
        out.write_str(ERASE_ROW)
    }

    pub(super) fn clear_screen(out: &mut impl Write) -> fmt::Result {
        out.write_str(CLEAR_SCREEN)
    }

    /// The longest tail of `before` that leaves `reserve` columns and the last one free (INV-LINE-4).
    fn visible_before<'a>(&self, before: &'a str, reserve: usize) -> &'a str {
        let room = self.columns.saturating_sub(width(self.prompt) + reserve + 1);
        let mut excess = width(before).saturating_sub(room);
        let mut visible = before.chars();
        while excess > 0 {
            let Some(hidden) = visible.next() else { break };
            excess = excess.saturating_sub(character_width(hidden));
        }
        visible.as_str()
    }

    /// The longest head of `after` that fits between `column` and the last column.
    fn visible_after<'a>(&self, after: &'a str, column: usize) -> &'a str {
        let room = self.columns.saturating_sub(column + 1);
        let mut used = 0;
        let end = after.char_indices().find(|&(_, character)| {
            used += character_width(character);
            used > room
        });
        &after[..end.map_or(after.len(), |(index, _)| index)]
    }
}

/// How many columns a text takes: the sum over its characters, which is how terminals count.
fn width(text: &str) -> usize {
    text.chars().map(character_width).sum()
}

fn character_width(character: char) -> usize {
    character.width().unwrap_or(0)
}
