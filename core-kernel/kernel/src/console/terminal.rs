//! A human at the serial line: the line editor with the console behind it.

use core::fmt::{self, Write};

use spindle_abi::protocol::exit;
use spindle_arch::{power_off, serial};
use spindle_kerncore::line::{Editor, Outcome};

use super::names::ConsoleWords;
use super::{Session, Sink};

const PROMPT: &str = "spindle> ";
/// What a serial terminal can be taken to have.
const COLUMNS: usize = 80;
const LINE_BYTES: usize = 512;
const HISTORY_BYTES: usize = 4096;

/// The line editor and what a line means. Its memory is fixed here.
#[derive(Debug)]
pub(crate) struct Terminal {
    editor: Editor<LINE_BYTES, HISTORY_BYTES>,
    session: Session,
}

/// Echo: bytes as they are.
struct Echo;

impl Write for Echo {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        serial::write(text.as_bytes());
        Ok(())
    }
}

impl Terminal {
    /// Shows the first prompt.
    pub(crate) fn start() -> Self {
        let mut terminal =
            Self { editor: Editor::new(PROMPT, COLUMNS), session: Session::printing_to(Sink::Console) };
        terminal.begin();
        terminal
    }

    /// Takes a byte from the human; runs the line that it ends, if it does.
    pub(crate) fn feed(&mut self, byte: u8) {
        match self.editor.feed(byte, &mut Echo, &ConsoleWords) {
            Outcome::Pending => return,
            Outcome::Cancelled => {}
            Outcome::Line(line) => {
                serial::set_row_is_erasable(false);
                self.session.execute(line);
            }
        }
        if self.session.wants_power_off() {
            power_off(exit::SUCCESS);
        }
        self.begin();
    }

    /// Shows the line again if something was printed over it meanwhile.
    pub(crate) fn refresh(&mut self) {
        if !serial::row_is_erasable() {
            self.editor.show(&mut Echo);
            serial::set_row_is_erasable(true);
        }
    }

    fn begin(&mut self) {
        self.editor.begin(&mut Echo);
        serial::set_row_is_erasable(true);
    }
}
