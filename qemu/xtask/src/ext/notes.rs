//! The records of an object file or a module (`spindle_abi::record` says how they are written), in one piece.

use std::fmt::Display;

use object::LittleEndian as LE;
use object::elf::FileHeader64;
use object::read::elf::{FileHeader as _, SectionHeader as _};
use spindle_abi::record::{Line, SECTION, SYMBOL_PREFIX, read as lines};
use spindle_abi::{Fingerprint, Key};

use crate::failure::{Failure, Result};

/// A procedure that an interface of the extension declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) name: String,
    pub(crate) symbol: String,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) schema: String,
}

/// A row of the extension's handler table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Handler {
    pub(crate) event: String,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) schema: String,
    key: Option<(usize, OwnedKey)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum OwnedKey {
    Integer(u64),
    Word(String),
}

impl From<Key<'_>> for OwnedKey {
    fn from(key: Key<'_>) -> Self {
        match key {
            Key::Integer(value) => Self::Integer(value),
            Key::Word(word) => Self::Word(word.to_owned()),
        }
    }
}

impl Import {
    fn new(name: &str, schema: &str) -> Self {
        let symbol = format!("{SYMBOL_PREFIX}{name}");
        Self {
            name: name.to_owned(),
            symbol,
            fingerprint: Fingerprint::of(schema),
            schema: schema.to_owned(),
        }
    }
}

impl Handler {
    fn new(event: &str, schema: &str, key: Option<(usize, Key<'_>)>) -> Self {
        let key = key.map(|(field, key)| (field, key.into()));
        Self { event: event.to_owned(), fingerprint: Fingerprint::of(schema), schema: schema.to_owned(), key }
    }

    /// The key that it asks for.
    pub(crate) fn key(&self) -> Option<(usize, Key<'_>)> {
        self.key.as_ref().map(|(field, key)| match key {
            OwnedKey::Integer(value) => (*field, Key::Integer(*value)),
            OwnedKey::Word(word) => (*field, Key::Word(word)),
        })
    }
}

/// Everything that an object or module says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Records {
    name: Option<String>,
    /// Every procedure that is declared, called or not; ascending by symbol.
    pub(crate) imports: Vec<Import>,
    /// In the order of the handler table.
    pub(crate) handlers: Vec<Handler>,
    /// Version of the extension, and of what built it.
    pub(crate) versions: Option<(String, String)>,
}

impl Records {
    /// What the extension is called.
    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

/// Reads the records of an object file.
pub(crate) fn read(elf: &[u8]) -> Result<Records> {
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
/// The first line that cannot be read, or that contradicts an earlier one.
pub(crate) fn parse(section: &[u8]) -> Result<Records> {
    let mut found = Found::default();
    for line in lines(section) {
        let (number, line) = line.map_err(bad)?;
        found.add(line).map_err(|why| bad(format_args!("line {number}: {why}")))?;
    }
    found.finish()
}

/// What was read so far.
#[derive(Default)]
struct Found {
    records: Records,
    handlers: Vec<(u32, Handler)>,
}

impl Found {
    /// Adds a line, or says why it does not fit to those before.
    fn add(&mut self, line: Line<'_>) -> std::result::Result<(), String> {
        match line {
            Line::Extension { name, version, sdk } => self.name(name, version, sdk),
            Line::Import { name, schema } => self.import(Import::new(name, schema)),
            Line::Handler { index, event, schema, key } => {
                self.handler(index, Handler::new(event, schema, key))
            }
        }
    }

    fn name(&mut self, name: &str, version: &str, sdk: &str) -> std::result::Result<(), String> {
        if let Some(first) = &self.records.name {
            return Err(format!("the extension was called {first} before: it has one line `extension`"));
        }
        self.records.name = Some(name.to_owned());
        self.records.versions = Some((version.to_owned(), sdk.to_owned()));
        Ok(())
    }

    /// The same line twice says nothing new: two crates may declare one interface.
    fn import(&mut self, import: Import) -> std::result::Result<(), String> {
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

    fn handler(&mut self, index: u32, handler: Handler) -> std::result::Result<(), String> {
        if self.handlers.iter().any(|(other, _)| *other == index) {
            return Err(format!("there is a handler {index} already; an extension has one table"));
        }
        self.handlers.push((index, handler));
        Ok(())
    }

    fn finish(mut self) -> Result<Records> {
        self.handlers.sort_by_key(|(index, _)| *index);
        if let Some((_, missing)) = self.handlers.iter().zip(0..).find(|((index, _), place)| index != place) {
            return Err(bad(format_args!("there is no handler {missing}; the rows are numbered from 0")));
        }
        self.records.handlers = self.handlers.into_iter().map(|(_, handler)| handler).collect();
        self.records.imports.sort_by(|a, b| a.symbol.cmp(&b.symbol));
        Ok(self.records)
    }
}

#[cfg(test)]
mod tests {
    use spindle_abi::record::Record;
    use spindle_abi::{Declaration, Fingerprint, Key, KeyField, KeyKind};

    use super::{Handler, Import, parse};

    const NOW: Declaration = Declaration::new("clock.now", "fn clock.now() -> u64");
    const SENT: Declaration = Declaration::new("net.Sent", "event net.Sent(key port: u64, key to: &str)");
    const KEYS: &[KeyField] =
        &[KeyField { name: "port", kind: KeyKind::Integer }, KeyField { name: "to", kind: KeyKind::Word }];
    const IMPORT: Record<'_> = Record::Import { declaration: &NOW };
    const SECOND: Record<'_> =
        Record::Handler { index: 1, event: &SENT, keys: KEYS, key: Some((1, Key::Word("a:b"))) };
    const FIRST: Record<'_> =
        Record::Handler { index: 0, event: &SENT, keys: KEYS, key: Some((0, Key::Integer(7))) };
    const IDENTITY: Record<'_> = Record::Identity { name: "hello", version: "0.1.0", sdk: "0.2.0" };

    fn section() -> Vec<u8> {
        let (import, second) = (IMPORT.bytes::<{ IMPORT.length() }>(), SECOND.bytes::<{ SECOND.length() }>());
        let (first, identity) =
            (FIRST.bytes::<{ FIRST.length() }>(), IDENTITY.bytes::<{ IDENTITY.length() }>());
        [second.as_slice(), &import, &identity, &first].concat()
    }

    #[track_caller]
    fn check_refused(text: &str, why: &str) {
        let failure = parse(text.as_bytes()).expect_err("it cannot be used");
        assert!(failure.to_string().contains(why), "{failure}");
    }

    #[test]
    fn what_the_macros_write_is_read_in_the_order_of_the_table() {
        let records = parse(&section()).unwrap();
        let (name, symbol) = ("clock.now".to_owned(), "spindle.clock.now".to_owned());
        let (fingerprint, schema) = (Fingerprint::of(NOW.schema), NOW.schema.to_owned());
        assert_eq!(records.imports, [Import { name, symbol, fingerprint, schema }]);
        let handler = |field, key| Handler::new(SENT.name, SENT.schema, Some((field, key)));
        assert_eq!(records.handlers, [handler(0, Key::Integer(7)), handler(1, Key::Word("a:b"))]);
        assert_eq!(records.handlers[0].fingerprint, SENT.fingerprint);
        assert_eq!(records.versions, Some(("0.1.0".to_owned(), "0.2.0".to_owned())));
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
        check_refused(&handler.repeat(2), "line 2: there is a handler 0 already");
    }

    #[test]
    fn a_gap_in_the_table_is_refused() {
        check_refused("handler 1 event clock.Tick(now_ns: u64)\n", "there is no handler 0");
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
