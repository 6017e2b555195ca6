//! What the tests share: events of every kind, handlers that leave a trace, and a strand that survives faults.
#![allow(unreachable_pub, dead_code, reason = "each test file uses its own part of the support")]
#![allow(clippy::unwrap_used, reason = "what does not work here fails the test that asked for it")]

pub mod events;
pub mod strand;

use events::{Open, Packet, PacketFrame, Traced};
use spindle_abi::{EventSpec, HandlerFn, Key};
use spindle_dispatcher::host::{HostGrace, HostStrand};
use spindle_dispatcher::{
    BindingId, Counters, Event, Guard, Handler, Installed, Interface, KernelHandler, KeyGuard, Owner,
    RaiseError, Role, uninstall,
};
use strand::Current;

/// Sees the threads of the process.
pub const GRACE: HostGrace = HostGrace;

/// The interface of the tests' events, open to everybody.
pub static TEST: Interface = Interface::governed("test", &Open);

/// What most tests raise: handlers sign in its frame, and nobody wants an answer.
pub type PacketEvent = Event<Packet, HostStrand>;

/// A packet event of its own for the calling test.
pub fn event() -> &'static PacketEvent {
    event_of()
}

/// An event of its own for the calling test.
pub fn event_of<E: EventSpec, S: Current>() -> &'static Event<E, S> {
    leaked(Event::new().of(&TEST))
}

/// The event for as long as the test runs, as a `static` would be.
pub fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Raises with an empty packet and returns who saw it.
pub fn seen<S: Current>(event: &'static Event<Packet, S>) -> Vec<u64> {
    raise(event, "", 0).expect("no handler faults")
}

/// Raises and returns who saw it.
pub fn raise<S: Current>(
    event: &'static Event<Packet, S>,
    word: &str,
    port: u64,
) -> Result<Vec<u64>, RaiseError> {
    let mut frame = PacketFrame { word: word.into(), port, ..PacketFrame::default() };
    raise_with(event, &mut frame)?;
    Ok(frame.seen)
}

/// Raises with `frame` on the calling thread's strand.
pub fn raise_with<E: EventSpec, S: Current>(
    event: &'static Event<E, S>,
    frame: &mut E::Frame<'_>,
) -> Result<(), RaiseError> {
    S::with(|strand| event.raise(strand, frame))
}

/// A kernel handler that signs with `NAME`.
pub struct Signs<const NAME: u64>;

impl<E: Traced, const NAME: u64> KernelHandler<E> for Signs<NAME> {
    fn handle(frame: &mut E::Frame<'_>) {
        E::sign(frame, NAME);
    }
}

/// A handler of the kernel without state.
pub fn kernel<const NAME: u64>() -> Handler {
    Handler::kernel::<Packet, Signs<NAME>>()
}

/// A handler of the kernel with state: its name.
pub fn closure<E: Traced>(name: u64) -> Handler {
    Handler::closure::<E>(move |frame| E::sign(frame, name)).unwrap()
}

/// A handler as an extension has it: its closure is the name that it signs with.
pub fn extension(name: u64) -> Handler {
    extension_of::<Packet>(name, Owner(1))
}

/// The same for any event and owner.
pub fn extension_of<E: Traced>(name: u64, owner: Owner) -> Handler {
    unsafe extern "C" fn sign<E: Traced>(closure: *const (), frame: *mut ()) {
        // SAFETY: the tests install it on events of `E` only.
        let frame = unsafe { &mut *frame.cast::<E::Frame<'_>>() };
        E::sign(frame, closure.addr() as u64);
    }
    let closure = std::ptr::without_provenance(name as usize);
    // SAFETY: `sign` reads nothing through its closure and takes any frame of `E`.
    unsafe { Handler::extension(sign::<E> as HandlerFn, closure, owner) }
}

/// A handler of owner 1 that runs `handle`, which lives as long as the test.
pub fn extension_that<E: EventSpec, F: Fn(&mut E::Frame<'_>) + Sync + 'static>(handle: F) -> Handler {
    extension_by::<E, F>(Owner(1), handle)
}

/// The same for any owner.
pub fn extension_by<E: EventSpec, F: Fn(&mut E::Frame<'_>) + Sync + 'static>(
    owner: Owner,
    handle: F,
) -> Handler {
    unsafe extern "C" fn enter<E: EventSpec, F: Fn(&mut E::Frame<'_>)>(closure: *const (), frame: *mut ()) {
        // SAFETY: it is installed with a leaked `F`.
        let handle = unsafe { &*closure.cast::<F>() };
        // SAFETY: the tests install it on events of `E` only.
        handle(unsafe { &mut *frame.cast::<E::Frame<'_>>() });
    }
    let handle: &'static F = leaked(handle);
    // SAFETY: the two belong together, and `handle` is never freed.
    unsafe { Handler::extension(enter::<E, F> as HandlerFn, (&raw const *handle).cast(), owner) }
}

/// A guard of `owner` that asks `holds`, which lives as long as the test.
pub fn extension_guard<E: EventSpec, F: Fn(&E::Frame<'_>) -> bool + Sync + 'static>(
    owner: Owner,
    holds: F,
) -> Guard {
    unsafe extern "C" fn enter<E: EventSpec, F: Fn(&E::Frame<'_>) -> bool>(
        closure: *const (),
        call: *mut (),
    ) {
        // SAFETY: it is installed with a leaked `F`.
        let holds = unsafe { &*closure.cast::<F>() };
        // SAFETY: a guard is entered with the question about a frame.
        let call = unsafe { &mut *call.cast::<spindle_abi::GuardCall>() };
        // SAFETY: the tests use it on events of `E` only.
        call.holds = u32::from(holds(unsafe { &*call.frame.cast::<E::Frame<'_>>() }));
    }
    let holds: &'static F = leaked(holds);
    // SAFETY: the two belong together, and `holds` is never freed and only reads the frame.
    unsafe { Guard::extension(enter::<E, F> as HandlerFn, (&raw const *holds).cast(), owner) }.unwrap()
}

/// A guard of the kernel on packets.
pub fn packet_guard(holds: impl Fn(&PacketFrame) -> bool + Send + Sync + 'static) -> Guard {
    Guard::kernel::<Packet>(holds).unwrap()
}

/// The key guard `port = value` on packets.
pub fn port(value: u64) -> KeyGuard {
    KeyGuard::new(1, Key::Integer(value)).unwrap()
}

/// The key guard `word = value` on packets.
pub fn word(value: &str) -> KeyGuard {
    KeyGuard::new(0, Key::Word(value)).expect("the tests' words are short")
}

/// Uninstalls and waits for the end of the grace period.
pub fn remove(installed: Installed) {
    uninstall(installed).unwrap().wait(&GRACE).unwrap();
}

/// What is counted of the binding `id`.
pub fn counters<E: EventSpec, S: Current>(event: &'static Event<E, S>, id: BindingId) -> Counters {
    let mut found = None;
    S::with(|strand| {
        event.core().for_each_binding(strand, |binding| {
            if binding.id() == id {
                found = Some(binding.counters());
            }
        });
    });
    found.expect("it is installed")
}

/// Owner and role of every binding, in the order in which they are listed.
pub fn listed<E: EventSpec, S: Current>(event: &'static Event<E, S>) -> Vec<(u64, Role)> {
    let mut listed = Vec::new();
    S::with(|strand| {
        event.core().for_each_binding(strand, |binding| listed.push((binding.id().number(), binding.role())));
    });
    listed
}
