//! What commands print, and how: lines, tables, JSON. All of it goes to the session's sink, which never fails.
//!
//! JSON is one document: an object on one line, or an array with one element on each line. Tables and JSON are written
//! as they are made, without memory: `mem` works when there is none left, and does not find its own output in the heap.
//! That is why JSON comes from `sval`, which writes to any `fmt::Write`, and not from `serde_json`, which needs `Vec` here.

use core::fmt;

use spindle_kerncore::table::{self, Row};
use sval::Value;

use super::Session;

impl Session {
    /// Prints one line.
    pub(super) fn say(&self, line: fmt::Arguments<'_>) {
        self.print(format_args!("{line}\n"));
    }

    /// Prints text that has its own line ends.
    pub(super) fn print(&self, text: fmt::Arguments<'_>) {
        self.sink().print(text);
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
            // A sink takes everything.
            let _ = table::write(rows, &mut self.sink());
        }
    }

    fn json_piece(&self, value: impl Value) {
        // A sink takes everything, and every value here can be written as JSON.
        let _ = sval_json::stream_to_fmt_write(self.sink(), value);
    }
}
