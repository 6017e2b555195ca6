//! The events that the tests raise.

use spindle_abi::{Declaration, EventSpec, Key, KeyField, KeyKind};
use spindle_dispatcher::{Authorizer, Request, Verdict};

/// An event whose handlers can say that they ran.
pub trait Traced: EventSpec {
    /// Notes in `frame` that the handler `name` ran.
    fn sign(frame: &mut Self::Frame<'_>, name: u64);
}

/// `event test.Packet(key word: &str, key port: u64)`: a plain notification.
pub struct Packet;

/// A packet, and the names of the handlers that saw it in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PacketFrame {
    pub word: String,
    pub port: u64,
    pub seen: Vec<u64>,
    pub result: (),
}

/// `event test.Sum(given: u64) -> u64`: wants an answer.
pub struct Sum;

/// A question that is answered by a number.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SumFrame {
    pub given: u64,
    pub seen: Vec<u64>,
    pub result: u64,
}

/// `#[chained] event test.Ask(given: u64) -> Option<u64>`: ends at the first who knows.
pub struct Ask;

/// A question that not everybody can answer.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct AskFrame {
    pub given: u64,
    pub seen: Vec<u64>,
    pub result: Option<u64>,
}

/// `#[chained] event test.Refusal() -> i64`: negative answers pass it on.
pub struct Refusal;

/// A question whose answer can be no in many ways.
#[derive(Debug)]
pub struct RefusalFrame {
    pub result: i64,
}

/// `#[interrupt] event test.Tick(ticks: u64)`, which may be delivered later.
pub struct Tick;

/// `event test.Note(key stamp: u64)`, which may be delivered later.
pub struct Note;

/// Plain words: a queue copies it byte by byte. Handlers sign in the log that it refers to.
#[derive(Debug)]
#[repr(C)]
pub struct NoteFrame {
    pub stamp: u64,
    /// Who saw which stamp; it lives for ever.
    pub log: &'static std::sync::Mutex<Vec<(u64, u64)>>,
    pub result: (),
}

const STAMP: &[KeyField] = &[KeyField { name: "stamp", kind: KeyKind::Integer }];

// SAFETY: no other event has this declaration. The frame owns its key `word`: no handler of the tests changes it.
unsafe impl EventSpec for Packet {
    const DECLARATION: &'static Declaration =
        &Declaration::new("test.Packet", "event test.Packet(key word: &str, key port: u64)");
    const KEYS: &'static [KeyField] =
        &[KeyField { name: "word", kind: KeyKind::Word }, KeyField { name: "port", kind: KeyKind::Integer }];
    type Frame<'a> = PacketFrame;
    type Result = ();

    fn result(frame: &mut PacketFrame) -> &mut () {
        &mut frame.result
    }

    fn key<'a>(frame: &'a PacketFrame, field: usize) -> Key<'a> {
        match field {
            0 => Key::Word(&frame.word),
            _ => Key::Integer(frame.port),
        }
    }
}

impl Traced for Packet {
    fn sign(frame: &mut PacketFrame, name: u64) {
        frame.seen.push(name);
    }
}

// SAFETY: no other event has this declaration.
unsafe impl EventSpec for Sum {
    const DECLARATION: &'static Declaration =
        &Declaration::new("test.Sum", "event test.Sum(given: u64) -> u64");
    const KEYS: &'static [KeyField] = &[];
    const RETURNS: bool = true;
    type Frame<'a> = SumFrame;
    type Result = u64;

    fn result(frame: &mut SumFrame) -> &mut u64 {
        &mut frame.result
    }

    fn key<'a>(_: &'a SumFrame, _: usize) -> Key<'a> {
        unreachable!("it has no key fields")
    }
}

/// Answers with its name.
impl Traced for Sum {
    fn sign(frame: &mut SumFrame, name: u64) {
        frame.seen.push(name);
        frame.result = name;
    }
}

// SAFETY: no other event has this declaration.
unsafe impl EventSpec for Ask {
    const DECLARATION: &'static Declaration =
        &Declaration::new("test.Ask", "chained event test.Ask(given: u64) -> Option<u64>");
    const KEYS: &'static [KeyField] = &[];
    const RETURNS: bool = true;
    const CHAINED: bool = true;
    type Frame<'a> = AskFrame;
    type Result = Option<u64>;

    fn result(frame: &mut AskFrame) -> &mut Option<u64> {
        &mut frame.result
    }

    fn is_handled(result: &Option<u64>) -> bool {
        result.is_some()
    }

    fn key<'a>(_: &'a AskFrame, _: usize) -> Key<'a> {
        unreachable!("it has no key fields")
    }
}

/// Knows its own name, and passes everything else on.
impl Traced for Ask {
    fn sign(frame: &mut AskFrame, name: u64) {
        frame.seen.push(name);
        if frame.given == name {
            frame.result = Some(name);
        }
    }
}

// SAFETY: no other event has this declaration.
unsafe impl EventSpec for Refusal {
    const DECLARATION: &'static Declaration =
        &Declaration::new("test.Refusal", "chained event test.Refusal() -> i64");
    const KEYS: &'static [KeyField] = &[];
    const RETURNS: bool = true;
    const CHAINED: bool = true;
    type Frame<'a> = RefusalFrame;
    type Result = i64;

    fn result(frame: &mut RefusalFrame) -> &mut i64 {
        &mut frame.result
    }

    fn is_handled(result: &i64) -> bool {
        *result >= 0
    }

    fn key<'a>(_: &'a RefusalFrame, _: usize) -> Key<'a> {
        unreachable!("it has no key fields")
    }
}

// SAFETY: no other event has this declaration. A frame is two words, and its copy may outlive the raise.
unsafe impl EventSpec for Note {
    const DECLARATION: &'static Declaration =
        &Declaration::new("test.Note", "event test.Note(key stamp: u64)");
    const KEYS: &'static [KeyField] = STAMP;
    const QUEUEABLE: bool = true;
    type Frame<'a> = NoteFrame;
    type Result = ();

    fn result(frame: &mut NoteFrame) -> &mut () {
        &mut frame.result
    }

    fn key<'a>(frame: &'a NoteFrame, _: usize) -> Key<'a> {
        Key::Integer(frame.stamp)
    }
}

impl Traced for Note {
    fn sign(frame: &mut NoteFrame, name: u64) {
        frame.log.lock().expect("no test panics while it holds it").push((name, frame.stamp));
    }
}

// SAFETY: as for `Note`.
unsafe impl EventSpec for Tick {
    const DECLARATION: &'static Declaration =
        &Declaration::new("test.Tick", "interrupt event test.Tick(key stamp: u64)");
    const KEYS: &'static [KeyField] = STAMP;
    const INTERRUPT: bool = true;
    const QUEUEABLE: bool = true;
    type Frame<'a> = NoteFrame;
    type Result = ();

    fn result(frame: &mut NoteFrame) -> &mut () {
        &mut frame.result
    }

    fn key<'a>(frame: &'a NoteFrame, _: usize) -> Key<'a> {
        Key::Integer(frame.stamp)
    }
}

impl Traced for Tick {
    fn sign(frame: &mut NoteFrame, name: u64) {
        Note::sign(frame, name);
    }
}

/// Grants everything to everybody.
pub struct Open;

impl Authorizer for Open {
    fn name(&self) -> &'static str {
        "open"
    }

    fn authorize(&self, _: &Request<'_>) -> Verdict {
        Verdict::Allow
    }
}
