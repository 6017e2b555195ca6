//! Tables of text: for a terminal, or for a page.

use std::fmt::Write;

/// A table: what its columns are, and rows of as many cells.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

/// One column.
#[derive(Debug)]
pub(super) struct Column {
    heading: String,
    /// Figures stand at the right, words at the left.
    is_words: bool,
}

impl Column {
    /// A column of words.
    pub(super) fn words(heading: &str) -> Self {
        Self { heading: heading.to_owned(), is_words: true }
    }

    /// A column of figures.
    pub(super) fn figures(heading: &str) -> Self {
        Self { heading: heading.to_owned(), is_words: false }
    }
}

impl Table {
    /// A table without rows.
    pub(super) fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row with a cell for each column.
    pub(super) fn push(&mut self, row: Vec<String>) {
        debug_assert_eq!(row.len(), self.columns.len(), "a cell for each column");
        self.rows.push(row);
    }

    fn headings(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.heading.clone()).collect()
    }

    /// For a terminal: columns side by side.
    pub(super) fn text(&self) -> String {
        let headings = self.headings();
        let lines = || std::iter::once(&headings).chain(&self.rows);
        let width = |column: usize| lines().map(|row| row[column].len()).max().unwrap_or_default();
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let mut text = String::new();
        for row in lines() {
            let cell = |(column, cell): (usize, &String)| {
                let width = widths[column];
                if self.columns[column].is_words {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            };
            let cells: Vec<String> = row.iter().enumerate().map(cell).collect();
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", cells.join("  ").trim_end());
        }
        text
    }

    /// For a page: Markdown.
    pub(super) fn markdown(&self) -> String {
        let rule = |column: &Column| if column.is_words { "---" } else { "--:" }.to_owned();
        let rules = self.columns.iter().map(rule).collect();
        let mut text = String::new();
        for row in [self.headings(), rules].iter().chain(&self.rows) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "| {} |", row.join(" | "));
        }
        text
    }
}

/// A ratio with three digits that count.
pub(super) fn ratio(value: f64) -> String {
    let decimals = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    grouped(format!("{value:.decimals$}"))
}

/// A figure with one decimal, or none where it has three digits before it.
pub(super) fn number(value: f64) -> String {
    let decimals = usize::from(value < 100.0);
    grouped(format!("{value:.decimals$}"))
}

/// Thousands apart.
fn grouped(digits: String) -> String {
    if digits.contains('.') || digits.len() < 5 {
        return digits;
    }
    let first = digits.len() % 3;
    let mut text = digits[..first].to_owned();
    for (index, digit) in digits[first..].char_indices() {
        if index % 3 == 0 && !text.is_empty() {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Column, Table, grouped, number, ratio};

    #[test]
    fn words_stand_at_the_left_and_figures_at_the_right() {
        let mut table = Table::new(vec![Column::words("id"), Column::figures("ns")]);
        table.push(vec!["P4/kernel".to_owned(), "9".to_owned()]);
        assert_eq!(table.text(), "id         ns\nP4/kernel   9\n");
        assert_eq!(table.markdown(), "| id | ns |\n| --- | --: |\n| P4/kernel | 9 |\n");
    }

    #[test]
    fn numbers_show_what_counts() {
        assert_eq!([ratio(0.913), ratio(35.21), ratio(6900.4)], ["0.91", "35.2", "6900"]);
        assert_eq!([number(7.84), number(361.7), number(832_000.2)], ["7.8", "362", "832 000"]);
        assert_eq!([grouped("12345".into()), grouped("1234567".into())], ["12 345", "1 234 567"]);
    }
}
