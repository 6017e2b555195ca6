//! A terminal with a human in front of it: keys go into an editor, its echo goes onto a VT100 screen.

use std::num::NonZero;

use spindle_kerncore::line::{Completer, Editor, NoCompletion, Outcome};

pub(crate) const PROMPT: &str = "spindle> ";
pub(crate) const LINE_BYTES: usize = 100;
pub(crate) const HISTORY_BYTES: usize = 40;
pub(crate) const COLUMNS: NonZero<u16> = NonZero::new(40).unwrap();
const ROWS: NonZero<u16> = NonZero::new(10).unwrap();

/// Counts what is heard, and notices what no VT100 understands.
#[derive(Default)]
struct Observer {
    bells: usize,
    misunderstood: usize,
}

impl vt100::Callbacks for Observer {
    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        self.bells += 1;
    }

    fn unhandled_char(&mut self, _: &mut vt100::Screen, _: char) {
        self.misunderstood += 1;
    }

    fn unhandled_control(&mut self, _: &mut vt100::Screen, _: u8) {
        self.misunderstood += 1;
    }
}

/// The editor and the screen that shows it.
pub(crate) struct Terminal<'a> {
    editor: Editor<LINE_BYTES, HISTORY_BYTES>,
    screen: vt100::Parser<Observer>,
    completer: &'a dyn Completer,
    /// Every line that was entered.
    pub(crate) entered: Vec<String>,
    /// How often Ctrl-C gave a line up.
    pub(crate) cancelled: usize,
}

impl Terminal<'static> {
    pub(crate) fn new() -> Self {
        Self::with_completer(&NoCompletion)
    }
}

impl<'a> Terminal<'a> {
    pub(crate) fn with_completer(completer: &'a dyn Completer) -> Self {
        let mut terminal = Terminal {
            editor: Editor::new(PROMPT, usize::from(COLUMNS.get())),
            screen: vt100::Parser::new_with_callbacks(ROWS, COLUMNS, 0, Observer::default()),
            completer,
            entered: Vec::new(),
            cancelled: 0,
        };
        terminal.begin();
        terminal
    }

    /// Presses keys; after each line entered or given up the prompt comes again.
    pub(crate) fn press(&mut self, keys: impl AsRef<[u8]>) -> &mut Self {
        for &byte in keys.as_ref() {
            let mut echo = String::new();
            let begins = match self.editor.feed(byte, &mut echo, self.completer) {
                Outcome::Pending => false,
                Outcome::Line(line) => {
                    self.entered.push(line.to_owned());
                    true
                }
                Outcome::Cancelled => {
                    self.cancelled += 1;
                    true
                }
            };
            self.screen.process(echo.as_bytes());
            if begins {
                self.begin();
            }
        }
        self
    }

    fn begin(&mut self) {
        let mut echo = String::new();
        self.editor.begin(&mut echo);
        self.screen.process(echo.as_bytes());
    }

    /// Prints above the line being edited, as the kernel's log does.
    pub(crate) fn interrupt(&mut self, message: &str) {
        let mut echo = String::new();
        self.editor.hide(&mut echo);
        echo += message;
        echo += "\r\n";
        self.editor.show(&mut echo);
        self.screen.process(echo.as_bytes());
    }

    /// The rows of the screen down to the last one that is not empty.
    pub(crate) fn rows(&self) -> Vec<String> {
        self.screen.screen().contents().lines().map(|row| row.trim_end().to_owned()).collect()
    }

    /// The row that the cursor is in, without trailing blanks.
    pub(crate) fn row(&self) -> String {
        let (row, _) = self.screen.screen().cursor_position();
        let rows = self.rows();
        rows.get(usize::from(row)).cloned().unwrap_or_default()
    }

    pub(crate) fn column(&self) -> usize {
        usize::from(self.screen.screen().cursor_position().1)
    }

    /// The row with a bar where the cursor is: `spindle> ab|c`.
    pub(crate) fn view(&self) -> String {
        let (row, column) = self.screen.screen().cursor_position();
        let screen = self.screen.screen();
        let before = screen.contents_between(row, 0, row, column);
        let after = screen.contents_between(row, column, row, COLUMNS.get());
        format!("{before}|{}", after.trim_end())
    }

    pub(crate) fn line(&self) -> &str {
        self.editor.text()
    }

    pub(crate) fn cursor(&self) -> usize {
        self.editor.before_cursor().len()
    }

    /// Bells rung so far.
    pub(crate) fn bells(&self) -> usize {
        self.screen.callbacks().bells
    }

    /// Characters and controls that the screen did not understand.
    pub(crate) fn misunderstood(&self) -> usize {
        self.screen.callbacks().misunderstood
    }
}
