//! The records of an object file or a module (`spindle_abi::record` says how they are written), in one piece.

use std::fmt::Display;

use object::LittleEndian as LE;
use object::elf::FileHeader64;
use object::read::elf::{FileHeader as _, SectionHeader as _};
use spindle_abi::package::{MAX_ROWS, Row};
use spindle_abi::record::{Line, SECTION, SYMBOL_PREFIX, read as lines, term};
use spindle_abi::{Asked, Fingerprint, Role};

use crate::failure::{Failure, Result};

/// A procedure that an interface of the extension declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import<'a> {
    pub(crate) name: &'a str,
    pub(crate) symbol: String,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) schema: &'a str,
}

impl<'a> Import<'a> {
    fn new(name: &'a str, schema: &'a str) -> Self {
        Self { name, symbol: format!("{SYMBOL_PREFIX}{name}"), fingerprint: Fingerprint::of(schema), schema }
    }
}

/// Everything that an object or module says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Records<'a> {
    name: Option<&'a str>,
    /// Every procedure that is declared, called or not; ascending by symbol.
    pub(crate) imports: Vec<Import<'a>>,
    /// The handler table, in order.
    pub(crate) rows: Vec<Row<'a>>,
    /// Version of the extension, and of what built it.
    pub(crate) versions: Option<(&'a str, &'a str)>,
}

impl<'a> Records<'a> {
    /// What the extension is called.
    pub(crate) fn name(&self) -> Option<&'a str> {
        self.name
    }
}

/// Reads the records of an object file.
pub(crate) fn read(elf: &[u8]) -> Result<Records<'_>> {
    let section = section(elf).ok_or_else(|| {
        bad("the object has no records")
            .next("write `#[extension]` on an `impl` block of the extension's state")
    })?;
    parse(section)
}

fn section(elf: &[u8]) -> Option<&[u8]> {
    let header = FileHeader64::<LE>::parse(elf).ok()?;
    let sections = header.sections(LE, elf).ok()?;
    let (_, section) = sections.section_by_name(LE, SECTION.as_bytes())?;
    section.data(LE, elf).ok()
}

fn bad(why: impl Display) -> Failure {
    Failure::new("the extension's records cannot be used").because(why)
}

/// Reads the text of records.
///
/// # Errors
/// The first line that cannot be read, or that contradicts an earlier one; a gap in the table. Whether its rows go together is
/// for the writer of the package to say.
pub(crate) fn parse(section: &[u8]) -> Result<Records<'_>> {
    let mut found = Found::default();
    for line in lines(section) {
        let (number, line) = line.map_err(bad)?;
        found.add(number, line).map_err(|why| at(number, why))?;
    }
    found.finish()
}

fn at(line: usize, why: impl Display) -> Failure {
    bad(format_args!("line {line}: {why}"))
}

/// What was read so far.
#[derive(Default)]
struct Found<'a> {
    records: Records<'a>,
    rows: Vec<(u32, Row<'a>)>,
    /// The lines `where`: number of the line, row, key field, and what is asked of it.
    terms: Vec<(usize, u32, &'a str, Asked<'a>)>,
}

impl<'a> Found<'a> {
    /// Adds a line, or says why it does not fit to those before.
    fn add(&mut self, number: usize, line: Line<'a>) -> std::result::Result<(), String> {
        match line {
            Line::Extension { name, version, sdk } => self.name(name, version, sdk),
            Line::Import { name, schema } => self.import(Import::new(name, schema)),
            Line::Row { index, event, schema, role } => {
                self.row(index, Row { event, fingerprint: Fingerprint::of(schema), schema, role })
            }
            Line::Where { index, field, asked } => {
                self.terms.push((number, index, field, asked));
                Ok(())
            }
        }
    }

    fn name(&mut self, name: &'a str, version: &'a str, sdk: &'a str) -> std::result::Result<(), String> {
        if let Some(first) = &self.records.name {
            return Err(format!("the extension was called {first} before: it has one line `extension`"));
        }
        self.records.name = Some(name);
        self.records.versions = Some((version, sdk));
        Ok(())
    }

    /// The same line twice says nothing new: two crates may declare one interface.
    fn import(&mut self, import: Import<'a>) -> std::result::Result<(), String> {
        match self.records.imports.iter().find(|other| other.name == import.name) {
            Some(other) if *other == import => Ok(()),
            Some(other) => {
                Err(format!("{} is declared in another way before: {}", import.name, other.schema))
            }
            None => {
                self.records.imports.push(import);
                Ok(())
            }
        }
    }

    fn row(&mut self, index: u32, row: Row<'a>) -> std::result::Result<(), String> {
        if self.rows.iter().any(|(other, _)| *other == index) {
            return Err(format!("there is a row {index} already; an extension has one table"));
        }
        if self.rows.len() == MAX_ROWS {
            return Err(format!("there are {MAX_ROWS} rows already, as many as a table can have"));
        }
        self.rows.push((index, row));
        Ok(())
    }

    fn finish(mut self) -> Result<Records<'a>> {
        self.rows.sort_by_key(|(index, _)| *index);
        if let Some((_, missing)) = self.rows.iter().zip(0..).find(|((index, _), place)| index != place) {
            return Err(bad(format_args!("there is no row {missing}; the rows are numbered from 0")));
        }
        self.records.rows = self.rows.into_iter().map(|(_, row)| row).collect();
        for (number, index, field, asked) in self.terms {
            let row = usize::try_from(index).ok().and_then(|index| self.records.rows.get_mut(index));
            let row = row.ok_or_else(|| at(number, format_args!("there is no row {index}")))?;
            ask(row, field, asked).map_err(|why| at(number, why))?;
        }
        self.records.imports.sort_by(|a, b| a.symbol.cmp(&b.symbol));
        Ok(self.records)
    }
}

/// Adds a term to a handler, or says why it cannot have it.
fn ask<'a>(row: &mut Row<'a>, field: &'a str, asked: Asked<'a>) -> std::result::Result<(), String> {
    let term = term(row.schema, field, asked).map_err(|reason| reason.to_string())?;
    let Role::Handler(options) = &mut row.role else {
        return Err(format!("the row is no handler but a {}: only a handler asks for keys", row.role));
    };
    options.terms = options
        .terms
        .and(term)
        .map_err(|_| format!("the handler asks for `{field}` twice: one range, or one value"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use spindle_abi::package::Row;
    use spindle_abi::record::Record;
    use spindle_abi::{Asked, Declaration, Fingerprint, Key, Options, Role, Term, Terms};

    use super::{Import, parse};

    const NOW: Declaration = Declaration::new("clock.now", "fn clock.now() -> u64");
    const SENT: Declaration = Declaration::new("net.Sent", "event net.Sent(key port: u64, key to: &str)");
    const WORD: Asked<'_> = Asked::Equal(Key::Word("a:b"));
    const PORTS: Asked<'_> = Asked::Range { from: 7, to: 9 };
    const EVERY: Role<'_> = Role::Handler(Options::NONE);
    const IMPORT: Record<'_> = Record::Import { declaration: &NOW };
    const FIRST: Record<'_> = Record::Row { index: 0, event: &SENT, role: Role::DefaultHandler };
    const SECOND: Record<'_> = Record::Row { index: 1, event: &SENT, role: EVERY };
    const TO: Record<'_> = Record::Where { index: 1, field: "to", asked: WORD };
    const PORT: Record<'_> = Record::Where { index: 1, field: "port", asked: PORTS };
    const IDENTITY: Record<'_> = Record::Identity { name: "hello", version: "0.1.0", sdk: "0.2.0" };

    /// In an order that no author would choose, but a linker may.
    fn section() -> Vec<u8> {
        let (to, port) = (TO.bytes::<{ TO.length() }>(), PORT.bytes::<{ PORT.length() }>());
        let (import, second) = (IMPORT.bytes::<{ IMPORT.length() }>(), SECOND.bytes::<{ SECOND.length() }>());
        let (first, identity) =
            (FIRST.bytes::<{ FIRST.length() }>(), IDENTITY.bytes::<{ IDENTITY.length() }>());
        [to.as_slice(), &second, &import, &identity, &port, &first].concat()
    }

    #[track_caller]
    fn check_refused(text: &str, why: &str) {
        let failure = parse(text.as_bytes()).expect_err("it cannot be used");
        assert!(failure.to_string().contains(why), "{failure}");
    }

    #[test]
    fn what_the_macros_write_is_read_in_the_order_of_the_table() {
        let section = section();
        let records = parse(&section).unwrap();
        let fingerprint = Fingerprint::of(NOW.schema);
        let symbol = "spindle.clock.now".to_owned();
        assert_eq!(records.imports, [Import { name: NOW.name, symbol, fingerprint, schema: NOW.schema }]);
        let row = |role| Row { event: SENT.name, fingerprint: SENT.fingerprint, schema: SENT.schema, role };
        let terms = Terms::new(&[Term { field: 0, asked: PORTS }, Term { field: 1, asked: WORD }]).unwrap();
        let handler = Role::Handler(Options { terms, ..Options::NONE });
        assert_eq!(records.rows, [row(Role::DefaultHandler), row(handler)]);
        assert_eq!(records.versions, Some(("0.1.0", "0.2.0")));
        assert_eq!(records.name(), Some("hello"));
    }

    #[test]
    fn records_cut_anywhere_but_between_two_are_refused() {
        let section = section();
        let is_border = |end: usize| end == 0 || section[end - 1] == b'\n';
        for end in (0..section.len()).filter(|end| !is_border(*end)) {
            assert!(parse(&section[..end]).is_err(), "{end}");
        }
    }

    #[test]
    fn two_tables_in_one_crate_are_refused() {
        let handler = "handler 0 event clock.Tick(now_ns: u64)\n";
        check_refused(&handler.repeat(2), "line 2: there is a row 0 already");
    }

    #[test]
    fn a_gap_in_the_table_is_refused() {
        check_refused("handler 1 event clock.Tick(now_ns: u64)\n", "there is no row 0");
    }

    #[test]
    fn a_term_without_a_handler_that_can_have_it_is_refused_by_line() {
        let event = "event net.Sent(key port: u16, key to: &str)";
        check_refused("where 0 port = 7\n", "line 1: there is no row 0");
        let guard = format!("where 0 port = 7\nguard 0 {event}\n");
        check_refused(&guard, "line 1: the row is no handler but a guard");
        let twice = format!("handler 0 {event}\nwhere 0 port = 7\nwhere 0 port = 8\n");
        check_refused(&twice, "line 3: the handler asks for `port` twice");
        let unknown = format!("handler 0 {event}\nwhere 0 prt = 7\n");
        check_refused(&unknown, "line 2: `prt` is not a key of the event; its keys are: port to");
    }

    #[test]
    fn more_rows_than_a_table_can_have_are_refused() {
        let rows: String = (0..257).map(|row| format!("handler {row} event a.B()\n")).collect();
        check_refused(&rows, "line 257: there are 256 rows already");
    }

    #[test]
    fn a_second_name_is_refused() {
        check_refused(
            "extension a 1 sdk x\nextension b 1 sdk x\n",
            "line 2: the extension was called a before",
        );
    }

    #[test]
    fn an_import_may_be_declared_twice_but_in_one_way() {
        let text = "import fn clock.now() -> u64\nimport fn clock.now() -> u64\n";
        assert_eq!(parse(text.as_bytes()).unwrap().imports.len(), 1);
        check_refused(
            &(text.to_owned() + "import fn clock.now() -> u32\n"),
            "line 3: clock.now is declared in another way",
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        check_refused("# by hand\nimport clock.now()\n", "line 2: expected `fn INTERFACE.NAME");
    }
}
