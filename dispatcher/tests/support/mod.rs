//! What the tests share: an event with a word key and an integer key, and handlers that leave a trace.
#![allow(unreachable_pub, dead_code, reason = "each test file uses its own part of the support")]

use spindle_abi::{Declaration, EventSpec, HandlerFn, Key, KeyField, KeyKind};
use spindle_dispatcher::host::{HostGrace, HostStrand};
use spindle_dispatcher::{
    Authorizer, Event, Handler, Interface, KernelHandler, Owner, RaiseError, Request, Verdict,
};

/// `event test.Packet(key word: &str, key port: u64, log: ...)`.
pub struct Packet;

/// A packet, and the names of the handlers that saw it in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Frame {
    pub word: String,
    pub port: u64,
    pub seen: Vec<u64>,
    pub result: (),
}

// SAFETY: no other event has this declaration.
unsafe impl EventSpec for Packet {
    const DECLARATION: &'static Declaration =
        &Declaration::new("test.Packet", "event test.Packet(key word: &str, key port: u64)");
    const KEYS: &'static [KeyField] =
        &[KeyField { name: "word", kind: KeyKind::Word }, KeyField { name: "port", kind: KeyKind::Integer }];
    type Frame<'a> = Frame;
    type Result = ();

    fn result<'a>(frame: &'a mut Frame) -> &'a mut () {
        &mut frame.result
    }

    fn key<'a>(frame: &'a Frame, field: usize) -> Key<'a> {
        match field {
            0 => Key::Word(&frame.word),
            _ => Key::Integer(frame.port),
        }
    }
}

pub type PacketEvent = Event<Packet, HostStrand>;

/// Grants everything to everybody.
pub struct Open;

impl Authorizer for Open {
    fn name(&self) -> &'static str {
        "test"
    }

    fn authorize(&self, _: &Request<'_>) -> Verdict {
        Verdict::Allow
    }
}

/// The interface of the tests' events.
pub static TEST: Interface = Interface::governed("test", &Open);

/// An event of its own for the calling test.
pub fn event() -> &'static PacketEvent {
    Box::leak(Box::new(Event::new().of(&TEST)))
}

/// Raises with an empty packet and returns who saw it.
pub fn seen(event: &'static PacketEvent) -> Vec<u64> {
    raise(event, "", 0).expect("no handler faults, and some handler ran")
}

/// Raises and returns who saw it.
pub fn raise(event: &'static PacketEvent, word: &str, port: u64) -> Result<Vec<u64>, RaiseError> {
    let mut frame = Frame { word: word.into(), port, seen: Vec::new(), result: () };
    HostStrand::with_current(|strand| event.raise(strand, &mut frame))?;
    Ok(frame.seen)
}

/// A kernel handler that signs with `NAME`.
pub struct Signs<const NAME: u64>;

impl<const NAME: u64> KernelHandler<Packet> for Signs<NAME> {
    fn handle(frame: &mut Frame) {
        frame.seen.push(NAME);
    }
}

pub fn kernel<const NAME: u64>() -> Handler {
    Handler::kernel::<Packet, Signs<NAME>>()
}

/// A handler as an extension has it: its closure is the name that it signs with.
pub fn extension(name: u64) -> Handler {
    unsafe extern "C" fn sign(closure: *const (), frame: *mut ()) {
        // SAFETY: the handler is installed on a `PacketEvent` only.
        let frame = unsafe { &mut *frame.cast::<Frame>() };
        frame.seen.push(closure.addr() as u64);
    }
    let closure = std::ptr::without_provenance(name as usize);
    // SAFETY: `sign` reads nothing through its closure and takes any packet frame.
    unsafe { Handler::extension(sign as HandlerFn, closure, Owner(1)) }
}

pub const GRACE: HostGrace = HostGrace;
