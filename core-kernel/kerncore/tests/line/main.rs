//! What a human at the terminal sees of the line editor.

mod completion;
mod history;
mod keys;
mod model;
mod terminal;
