//! The records that the SDK's macros leave in an object (`spindle_abi::record` says how they are written).

use object::LittleEndian as LE;
use object::elf::FileHeader64;
use object::read::elf::{FileHeader as _, SectionHeader as _};
use spindle_abi::record::{HANDLER, IDENTITY, IMPORT, SECTION};
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

impl Handler {
    /// The key that it asks for.
    pub(crate) fn key(&self) -> Option<(usize, Key<'_>)> {
        self.key.as_ref().map(|(field, key)| match key {
            OwnedKey::Integer(value) => (*field, Key::Integer(*value)),
            OwnedKey::Word(word) => (*field, Key::Word(word)),
        })
    }
}

/// Everything that an object says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Records {
    /// Every procedure of every linked interface, called or not.
    pub(crate) imports: Vec<Import>,
    /// In the order of the handler table.
    pub(crate) handlers: Vec<Handler>,
    /// Version of the extension, and of the SDK.
    pub(crate) versions: Option<(String, String)>,
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

fn bad(why: &str) -> Failure {
    Failure::new("the extension's records cannot be used").because(why)
}

fn parse(mut section: &[u8]) -> Result<Records> {
    let mut records = Records::default();
    let mut handlers: Vec<(u32, Handler)> = Vec::new();
    while !section.is_empty() {
        let mut record = take_record(&mut section).ok_or_else(|| bad("a record is cut short"))?;
        let kind = record.bytes(1).map(|byte| byte[0]);
        let read = match kind {
            Some(IMPORT) => record.import().map(|import| records.imports.push(import)),
            Some(HANDLER) => record.handler().map(|handler| handlers.push(handler)),
            Some(IDENTITY) => record.identity().map(|versions| records.versions = Some(versions)),
            _ => None,
        };
        read.filter(|()| record.0.is_empty()).ok_or_else(|| bad("a record is malformed"))?;
    }
    handlers.sort_by_key(|(index, _)| *index);
    if handlers.iter().zip(0..).any(|((index, _), place)| *index != place) {
        return Err(bad("the rows of the handler table are not numbered from 0 without a gap")
            .next("have one `#[extension]` in the crate"));
    }
    records.handlers = handlers.into_iter().map(|(_, handler)| handler).collect();
    records.imports.sort_by(|a, b| a.symbol.cmp(&b.symbol));
    Ok(records)
}

/// What is left of one record.
struct Rest<'a>(&'a [u8]);

fn take_record<'a>(section: &mut &'a [u8]) -> Option<Rest<'a>> {
    let length = u32::from_le_bytes(*section.first_chunk::<4>()?) as usize;
    let (record, rest) = section.split_at_checked(length)?;
    *section = rest;
    Some(Rest(record.get(4..)?))
}

impl<'a> Rest<'a> {
    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn field(&mut self) -> Option<&'a [u8]> {
        let length = u32::from_le_bytes(*self.bytes(4)?.first_chunk()?);
        self.bytes(length as usize)
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.field()?.to_vec()).ok()
    }

    fn fingerprint(&mut self) -> Option<Fingerprint> {
        Some(Fingerprint(self.field()?.try_into().ok()?))
    }

    fn import(&mut self) -> Option<Import> {
        let (name, symbol) = (self.text()?, self.text()?);
        Some(Import { name, symbol, fingerprint: self.fingerprint()?, schema: self.text()? })
    }

    fn handler(&mut self) -> Option<(u32, Handler)> {
        let index = u32::from_le_bytes(self.field()?.try_into().ok()?);
        let (event, fingerprint, schema) = (self.text()?, self.fingerprint()?, self.text()?);
        let key = key(&self.text()?)?;
        Some((index, Handler { event, fingerprint, schema, key }))
    }

    fn identity(&mut self) -> Option<(String, String)> {
        self.text()?;
        Some((self.text()?, self.text()?))
    }
}

/// Reads `""`, `"iFIELD:DECIMAL"` or `"wFIELD:WORD"`; the outer `None` says that it is none of these.
fn key(text: &str) -> Option<Option<(usize, OwnedKey)>> {
    if text.is_empty() {
        return Some(None);
    }
    let (field, value) = text.get(1..)?.split_once(':')?;
    let key = match text.as_bytes()[0] {
        b'i' => OwnedKey::Integer(value.parse().ok()?),
        b'w' => OwnedKey::Word(value.to_owned()),
        _ => return None,
    };
    Some(Some((field.parse().ok()?, key)))
}

#[cfg(test)]
mod tests {
    use spindle_abi::record::Record;
    use spindle_abi::{Declaration, Key};

    use super::{Handler, Import, OwnedKey, parse};

    const NOW: Declaration = Declaration::new("clock.now", "fn clock.now() -> u64");
    const TICK: Declaration = Declaration::new("clock.Tick", "event clock.Tick(now_ns: u64)");
    const IMPORT: Record<'_> = Record::Import { declaration: &NOW };
    const SECOND: Record<'_> = Record::Handler { index: 1, event: &TICK, key: Some((1, Key::Word("a:b"))) };
    const FIRST: Record<'_> = Record::Handler { index: 0, event: &TICK, key: Some((0, Key::Integer(7))) };
    const IDENTITY: Record<'_> = Record::Identity { name: "hello", version: "0.1.0", sdk: "0.2.0" };

    fn section() -> Vec<u8> {
        let (import, second) = (IMPORT.bytes::<{ IMPORT.length() }>(), SECOND.bytes::<{ SECOND.length() }>());
        let (first, identity) =
            (FIRST.bytes::<{ FIRST.length() }>(), IDENTITY.bytes::<{ IDENTITY.length() }>());
        [second.as_slice(), &import, &identity, &first].concat()
    }

    #[test]
    fn what_the_macros_write_is_read_in_the_order_of_the_table() {
        let records = parse(&section()).unwrap();
        let (name, symbol) = ("clock.now".to_owned(), "spindle.clock.now".to_owned());
        let schema = NOW.schema.to_owned();
        assert_eq!(records.imports, [Import { name, symbol, fingerprint: NOW.fingerprint, schema }]);
        let handler = |field, key| Handler {
            event: "clock.Tick".to_owned(),
            fingerprint: TICK.fingerprint,
            schema: TICK.schema.to_owned(),
            key: Some((field, key)),
        };
        let (first, second) = (OwnedKey::Integer(7), OwnedKey::Word("a:b".to_owned()));
        assert_eq!(records.handlers, [handler(0, first), handler(1, second)]);
        assert_eq!(records.versions, Some(("0.1.0".to_owned(), "0.2.0".to_owned())));
    }

    #[test]
    fn records_cut_anywhere_but_between_two_are_refused() {
        let section = section();
        let mut borders = vec![0];
        while let Some(rest) =
            section.get(borders[borders.len() - 1]..).and_then(|rest| rest.first_chunk::<4>())
        {
            borders.push(borders[borders.len() - 1] + u32::from_le_bytes(*rest) as usize);
        }
        for end in (0..section.len()).filter(|end| !borders.contains(end)) {
            assert!(parse(&section[..end]).is_err(), "{end}");
        }
    }

    #[test]
    fn two_tables_in_one_crate_are_refused() {
        let (first, again) = (FIRST.bytes::<{ FIRST.length() }>(), FIRST.bytes::<{ FIRST.length() }>());
        assert!(parse(&[first.as_slice(), &again].concat()).is_err());
    }
}
