//! Tables line up.

use spindle_kerncore::table::{Cell, Column, Row, write};

struct Extension {
    name: &'static str,
    text_bytes: u64,
    version: Option<(u8, u8)>,
    shown: String,
}

impl Extension {
    fn new(name: &'static str, text_bytes: u64, version: Option<(u8, u8)>) -> Self {
        let shown = version.map(|(major, minor)| format!("{major}.{minor}")).unwrap_or_default();
        Self { name, text_bytes, version, shown }
    }
}

impl Row for &Extension {
    const COLUMNS: &'static [Column] =
        &[Column::words("NAME"), Column::numbers("TEXT (bytes)"), Column::words("VERSION")];

    fn cell(&self, column: usize) -> Cell<'_> {
        match column {
            0 => Cell::Word(self.name),
            1 => Cell::Number(self.text_bytes),
            _ => self.version.map_or(Cell::Nothing, |_| Cell::Shown(&self.shown)),
        }
    }
}

fn table(rows: &[Extension]) -> String {
    let mut out = String::new();
    write(|| rows, &mut out).expect("a string takes everything");
    out
}

#[test]
fn columns_are_as_wide_as_their_widest_cell() {
    let rows = [
        Extension::new("hello", 4096, Some((0, 1))),
        Extension::new("a-long-name", 123_456_789_012_345, None),
        Extension::new("grün", 7, Some((10, 20))),
    ];
    let expected = "\
NAME            TEXT (bytes)  VERSION
hello                   4096  0.1
a-long-name  123456789012345  -
grün                       7  10.20
";
    assert_eq!(table(&rows), expected);
}

#[test]
fn an_empty_table_has_headings() {
    assert_eq!(table(&[]), "NAME  TEXT (bytes)  VERSION\n");
}
