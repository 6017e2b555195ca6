//! The editor: what each key does to the line, and what the human sees of it.

use core::fmt::{self, Write};

use super::complete::{Candidates, Completer};
use super::history::History;
use super::key::{Decoder, Key};
use super::text::Text;
use super::view::View;

const BELL: &str = "\x07";

/// What a byte led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a finished line is lost unless it is taken here"]
pub enum Outcome<'a> {
    /// Enter was pressed: the line, without its end. Call [`Editor::begin`] when it has been dealt with.
    Line(&'a str),
    /// The line is still being edited.
    Pending,
    /// Ctrl-C was pressed: the line is gone. Call [`Editor::begin`] for the next one.
    Cancelled,
}

/// A line editor with a history, in fixed memory: lines of at most `LINE_BYTES`, a history of `HISTORY_BYTES`.
///
/// Echo goes to whatever `fmt::Write` the caller passes; an error from it is ignored, since a terminal that
/// cannot show the line is no reason to lose it.
///
/// ```
/// use spindle_kerncore::line::{Editor, NoCompletion, Outcome};
///
/// let mut editor = Editor::<80, 400>::new("> ", 80);
/// let mut echo = String::new();
/// editor.begin(&mut echo);
/// for &byte in b"hi" {
///     assert_eq!(editor.feed(byte, &mut echo, &NoCompletion), Outcome::Pending);
/// }
/// assert_eq!(editor.feed(b'\r', &mut echo, &NoCompletion), Outcome::Line("hi"));
/// ```
#[derive(Clone, Debug)]
pub struct Editor<const LINE_BYTES: usize, const HISTORY_BYTES: usize> {
    columns: usize,
    view: View,
    decoder: Decoder,
    text: Text<LINE_BYTES>,
    history: History<HISTORY_BYTES>,
    browsing: Browsing<LINE_BYTES>,
    /// The key before was a Tab that could not complete further: the next one lists.
    tab_pressed: bool,
}

/// Whether the line shown comes from the history, and what the human had typed before looking there.
#[derive(Clone, Debug)]
struct Browsing<const LINE_BYTES: usize> {
    /// Age of the entry shown; `None` while the line is the human's own.
    age: Option<usize>,
    draft: Text<LINE_BYTES>,
}

impl<const LINE_BYTES: usize, const HISTORY_BYTES: usize> Editor<LINE_BYTES, HISTORY_BYTES> {
    /// An editor for a terminal of `columns` columns (80 is what a serial console can assume).
    #[must_use]
    pub const fn new(prompt: &'static str, columns: usize) -> Self {
        Self {
            columns,
            view: View::new(prompt, columns),
            decoder: Decoder::new(),
            text: Text::new(),
            history: History::new(),
            browsing: Browsing { age: None, draft: Text::new() },
            tab_pressed: false,
        }
    }

    /// Starts an empty line and shows the prompt.
    pub fn begin(&mut self, out: &mut impl Write) {
        self.text.clear();
        self.browsing.age = None;
        self.tab_pressed = false;
        self.show(out);
    }

    /// Draws the line as it stands, in the row where the terminal's cursor is.
    pub fn show(&self, out: &mut impl Write) {
        let _ = self.view.draw(self.text.before(), self.text.after(), out);
    }

    /// Empties the row that the line is shown in, so that something else may be printed; then [`Editor::show`].
    pub fn hide(&self, out: &mut impl Write) {
        let _ = View::erase(out);
    }

    /// The line as it stands.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// The part of the line that is left of the cursor.
    #[must_use]
    pub fn before_cursor(&self) -> &str {
        self.text.before()
    }

    /// Takes the next byte from the terminal. Complexity: linear in the length of the line, except that Tab costs
    /// what the completer does. Allocates nothing.
    pub fn feed(&mut self, byte: u8, out: &mut impl Write, completer: &dyn Completer) -> Outcome<'_> {
        let Some(key) = self.decoder.push(byte) else { return Outcome::Pending };
        let lists = core::mem::replace(&mut self.tab_pressed, false);
        match key {
            Key::Enter => return self.finish(out),
            Key::Cancel => return self.cancel(out),
            Key::Character(character) => self.insert(character, out),
            Key::Tab => self.complete(lists, out, completer),
            key => {
                let done = self.edit(key, out);
                self.settle(done, out);
            }
        }
        Outcome::Pending
    }

    fn finish(&mut self, out: &mut impl Write) -> Outcome<'_> {
        echo(out, "\r\n");
        self.history.push(self.text.as_str().trim_end());
        Outcome::Line(self.text.as_str())
    }

    fn cancel(&mut self, out: &mut impl Write) -> Outcome<'_> {
        ignore(self.view.give_up(self.text.as_str(), out));
        self.text.clear();
        Outcome::Cancelled
    }

    fn insert(&mut self, character: char, out: &mut impl Write) {
        let appends = self.text.after().is_empty() && self.view.can_append(self.text.before(), character);
        let fits = self.text.insert(character);
        if fits && appends {
            let _ = out.write_char(character);
        } else {
            self.settle(fits, out);
        }
    }

    /// Applies a key that moves or deletes; `false` if there was nothing to do.
    fn edit(&mut self, key: Key, out: &mut impl Write) -> bool {
        match key {
            Key::Left => return self.text.left(),
            Key::Right => return self.text.right(),
            Key::Backspace => return self.text.backspace(),
            Key::Delete | Key::EndOfInput => return self.text.delete(),
            Key::Up => return self.older(),
            Key::Down => return self.newer(),
            Key::Home => self.text.home(),
            Key::End => self.text.end(),
            Key::KillToEnd => self.text.kill_to_end(),
            Key::KillToStart => self.text.kill_to_start(),
            Key::KillWord => self.text.kill_word(),
            Key::ClearScreen => ignore(View::clear_screen(out)),
            Key::Enter | Key::Cancel | Key::Character(_) | Key::Tab => {}
        }
        true
    }

    /// Shows the line after a change, or rings the bell if nothing changed.
    fn settle(&self, changed: bool, out: &mut impl Write) {
        if changed { self.show(out) } else { echo(out, BELL) }
    }

    fn older(&mut self) -> bool {
        let age = self.browsing.age.map_or(0, |age| age + 1);
        let Some(entry) = self.history.entry(age) else { return false };
        if self.browsing.age.is_none() {
            self.browsing.draft = self.text.clone();
        }
        self.text.set(entry);
        self.browsing.age = Some(age);
        true
    }

    fn newer(&mut self) -> bool {
        let Some(age) = self.browsing.age else { return false };
        self.browsing.age = age.checked_sub(1);
        match self.browsing.age.and_then(|age| self.history.entry(age)) {
            Some(entry) => self.text.set(entry),
            None => self.text = self.browsing.draft.clone(),
        }
        true
    }

    /// Completes the word before the cursor as far as its candidates agree; a second Tab lists them.
    fn complete(&mut self, lists: bool, out: &mut impl Write, completer: &dyn Completer) {
        let candidates = Candidates { before: self.text.before(), completer };
        let agreement = candidates.agreement::<LINE_BYTES>();
        let is_unique = agreement.is_unique();
        let added = agreement.common.get(candidates.typed().len()..).unwrap_or_default();
        if !added.is_empty() || is_unique {
            let blank = (is_unique && !self.text.after().starts_with(' ')).then_some(' ');
            let fits = added.chars().chain(blank).all(|character| self.text.insert(character));
            return self.settle_shown(fits, out);
        }
        match agreement.lengths {
            Some((_, widest)) if lists => {
                ignore(candidates.list::<LINE_BYTES>(widest, self.columns, out));
                self.show(out);
            }
            several => {
                self.tab_pressed = several.is_some();
                echo(out, BELL);
            }
        }
    }

    /// Shows the line, and rings the bell if not all of a change could be made.
    fn settle_shown(&self, whole: bool, out: &mut impl Write) {
        self.show(out);
        if !whole {
            echo(out, BELL);
        }
    }
}

fn echo(out: &mut impl Write, text: &str) {
    ignore(out.write_str(text));
}

/// An echo that fails changes nothing about the line (see [`Editor`]).
fn ignore(_: fmt::Result) {}
