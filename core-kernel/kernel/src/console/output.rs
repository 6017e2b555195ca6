//! What commands print, and how: lines, tables, JSON. All of it goes to the serial line, which never fails.
//!
//! JSON is one document: an object on one line, or an array with one element on each line. Tables and JSON are written
//! as they are made, without memory: `mem` works when there is none left, and does not find its own output in the heap.
//! That is why JSON comes from `sval`, which writes to any `fmt::Write`, and not from `serde_json`, which needs `Vec` here.

use core::fmt::{self, Write};

use spindle_arch::serial;
use spindle_kerncore::table::{self, Row};
use sval::Value;

use super::Session;

/// The serial line as a sink for text.
pub(super) struct Output;

impl Write for Output {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        serial::print(format_args!("{text}"));
        Ok(())
    }
}

impl Session {
    /// Prints one line.
    pub(super) fn say(&self, line: fmt::Arguments<'_>) {
        serial::print(format_args!("{line}\n"));
    }

    /// Prints text that has its own line ends.
    pub(super) fn print(&self, text: fmt::Arguments<'_>) {
        serial::print(text);
    }

    /// Prints an object as JSON.
    pub(super) fn json(&self, value: impl Value) {
        self.json_piece(value);
        self.print(format_args!("\n"));
    }

    /// Prints rows as a JSON array.
    pub(super) fn json_rows<T: Value>(&self, rows: impl IntoIterator<Item = T>) {
        let mut separator = "[";
        for row in rows {
            self.print(format_args!("{separator}"));
            self.json_piece(row);
            separator = ",\n";
        }
        self.print(format_args!("{}]\n", if separator == "[" { "[" } else { "" }));
    }

    /// Prints a listing: a table for a human, or a JSON array of the same rows. `rows` makes the same rows each time.
    pub(super) fn listing<R: Row + Value, I: IntoIterator<Item = R>>(
        &self,
        json: bool,
        rows: impl Fn() -> I,
    ) {
        if json {
            self.json_rows(rows());
        } else {
            // `Output` takes everything.
            let _ = table::write(rows, &mut Output);
        }
    }

    fn json_piece(&self, value: impl Value) {
        // `Output` takes everything, and every value here can be written as JSON.
        let _ = sval_json::stream_to_fmt_write(Output, value);
    }
}
