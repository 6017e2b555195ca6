//! Tables of text: aligned columns under headings, written row by row without memory.
//!
//! *Interface.* Implement [`Row`] and call [`write()`]. The rows are gone through twice: to measure, and to write.

use core::fmt::{self, Write};

/// The most columns that a table may have.
pub const MAX_COLUMNS: usize = 16;

/// Blanks between two columns.
const GAP: usize = 2;

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    heading: &'static str,
    is_number: bool,
}

impl Column {
    /// A column of words, aligned to the left.
    #[must_use]
    pub const fn words(heading: &'static str) -> Self {
        Self { heading, is_number: false }
    }

    /// A column of numbers, aligned to the right. The heading names the unit.
    #[must_use]
    pub const fn numbers(heading: &'static str) -> Self {
        Self { heading, is_number: true }
    }
}

/// What stands in a table's row and column.
#[derive(Clone, Copy)]
pub enum Cell<'a> {
    /// A word.
    Word(&'a str),
    /// A number.
    Number(u64),
    /// Anything that can be shown.
    Shown(&'a dyn fmt::Display),
    /// Nothing: shown as `-`.
    Nothing,
}

/// One row of a table.
pub trait Row {
    /// The columns, at most [`MAX_COLUMNS`].
    const COLUMNS: &'static [Column];

    /// What stands in column `column`, counted from 0.
    fn cell(&self, column: usize) -> Cell<'_>;
}

/// Writes the headings and the rows that `rows` makes; it is called twice and makes the same rows each time.
///
/// # Errors
/// If `out` fails.
pub fn write<R: Row, I: IntoIterator<Item = R>>(rows: impl Fn() -> I, out: &mut impl Write) -> fmt::Result {
    const { assert!(R::COLUMNS.len() <= MAX_COLUMNS, "the table has too many columns") };
    let mut widths = [0; MAX_COLUMNS];
    for (width, column) in widths.iter_mut().zip(R::COLUMNS) {
        *width = column.heading.chars().count();
    }
    for row in rows() {
        for (column, width) in widths.iter_mut().enumerate().take(R::COLUMNS.len()) {
            *width = (*width).max(width_of(row.cell(column)));
        }
    }
    write_row::<R>(&widths, |column| Cell::Word(R::COLUMNS[column].heading), out)?;
    rows().into_iter().try_for_each(|row| write_row::<R>(&widths, |column| row.cell(column), out))
}

fn write_row<'a, R: Row>(
    widths: &[usize],
    cell: impl Fn(usize) -> Cell<'a>,
    out: &mut impl Write,
) -> fmt::Result {
    let mut owed_blanks = 0;
    for (index, column) in R::COLUMNS.iter().enumerate() {
        let cell = cell(index);
        let padding = widths[index].saturating_sub(width_of(cell));
        let (before, after) = if column.is_number { (padding, 0) } else { (0, padding) };
        // Blanks are written only when something follows them, so that no line ends in one.
        write!(out, "{:1$}{cell}", "", owed_blanks + before)?;
        owed_blanks = after + GAP;
    }
    out.write_char('\n')
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => out.write_str(word),
            Self::Number(number) => write!(out, "{number}"),
            Self::Shown(value) => write!(out, "{value}"),
            Self::Nothing => out.write_str("-"),
        }
    }
}

/// The width of a cell in characters.
fn width_of(cell: Cell<'_>) -> usize {
    let mut counter = Counter(0);
    // Counting does not fail; a cell that does shows as far as it comes, here and when it is written.
    let _ = write!(counter, "{cell}");
    counter.0
}

struct Counter(usize);

impl Write for Counter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.chars().count();
        Ok(())
    }
}
