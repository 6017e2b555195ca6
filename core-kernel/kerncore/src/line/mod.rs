//! A line editor for a serial terminal: bytes in, echo and finished lines out.
//!
//! *Concepts.* The human types at a VT100-like terminal on the far end of a serial line. [`Editor`] is fed each
//! byte that arrives; it keeps one line, shows it in one row of the terminal (a long line scrolls sideways), and
//! hands it over when Enter is pressed. It has a history and asks a [`Completer`] on Tab.
//!
//! ```text
//!  byte ──> Decoder ──Key──> Editor ──> Text (line, cursor) ──> view ──> echo
//!           UTF-8, VT100       │  └──> History (Up, Down)
//!                              └─────> Completer (Tab)
//! ```
//!
//! *Interface.* To start a line, [`Editor::begin`]; for each byte, [`Editor::feed`]; to print something while a
//! line is being edited, [`Editor::hide`], print, [`Editor::show`].
//!
//! *Invariants.*
//! - INV-LINE-1: memory is fixed by the two const parameters of [`Editor`]; editing never allocates.
//! - INV-LINE-2: the cursor lies on a character boundary of the line.
//! - INV-LINE-3: neither a line nor the history holds a control character, so that `\n` can separate entries.
//! - INV-LINE-4: what is shown never reaches the terminal's last column, so that no terminal wraps the row.
//!
//! *Not here:* where bytes come from and what a line means (the kernel's console).

mod complete;
mod editor;
mod history;
mod key;
mod text;
mod view;

pub use complete::{Completer, NoCompletion, last_word};
pub use editor::{Editor, Outcome};
