//! `event info`: one event in full.

use alloc::collections::TryReserveError;
use alloc::vec::Vec;

use spindle_abi::{Fingerprint, FrameLayout};
use spindle_dispatcher::{Delivery, EventCore, are_times_taken};
use spindle_kerncore::command::Arguments;
use spindle_strands::current;
use sval::Value;

use super::binding::{Binding, Line, TimedLine};
use super::kind;
use crate::console::Session;
use crate::console::error::Failed;
use crate::console::json::{Each, Shown};
use crate::console::names;
use crate::console::owners::Owners;

pub(super) fn info(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let name = arguments.word(0).unwrap_or_default();
    let event =
        spindle_domain::event(name).ok_or_else(|| session.fail_for_want_of("event", name, names::events))?;
    let owners = Owners::now();
    let bindings = bindings(event).map_err(|error| session.fail(error))?;
    let lines = || bindings.iter().map(|binding| Line::new(event, binding, &owners));
    if arguments.json() {
        session.json(Details::new(event, Each(lines)));
        return Ok(());
    }
    show(session, event);
    match are_times_taken() {
        true => session.listing(false, || lines().map(TimedLine)),
        false => session.listing(false, lines),
    }
    Ok(())
}

/// What is bound to an event, handlers first, in the order in which they are called.
fn bindings(event: &EventCore) -> Result<Vec<Binding>, TryReserveError> {
    let (mut bindings, mut count) = (Vec::new(), 0);
    event.for_each_binding(current(), |_| count += 1);
    bindings.try_reserve_exact(count)?;
    event.for_each_binding(current(), |view| bindings.push(Binding::from(view)));
    Ok(bindings)
}

/// Whether raises of the event can wait in a queue, so that it matters what becomes of those that find no place.
fn delivery(event: &EventCore) -> Option<Delivery> {
    event.frame_layout().is_some_and(FrameLayout::is_queueable).then(|| event.delivery())
}

fn show(session: &Session, event: &'static EventCore) {
    session.say(format_args!("schema       {}", event.declaration().schema));
    session.say(format_args!("fingerprint  {}", event.declaration().fingerprint));
    if let Some(kind) = kind(event) {
        session.say(format_args!("kind         {kind}"));
    }
    match event.authorizer() {
        Some(authorizer) => session.say(format_args!("authorizer   {}", authorizer.name())),
        None => session.say(format_args!("authorizer   none: only its owner may bind")),
    }
    if let Some(delivery) = delivery(event) {
        let (full, capacity) = (delivery.policy().in_words(), delivery.capacity());
        session.say(format_args!("delivery     up to {capacity} raises wait for a handler; then {full}"));
    }
}

#[derive(Value)]
struct Details<H> {
    name: &'static str,
    schema: &'static str,
    fingerprint: Shown<Fingerprint>,
    kind: Option<&'static str>,
    authorizer: Option<&'static str>,
    policy: Option<&'static str>,
    capacity: Option<u64>,
    handlers: H,
}

impl<H> Details<H> {
    fn new(event: &'static EventCore, handlers: H) -> Self {
        let delivery = delivery(event);
        Self {
            name: event.declaration().name,
            schema: event.declaration().schema,
            fingerprint: Shown(event.declaration().fingerprint),
            kind: kind(event),
            authorizer: event.authorizer().map(|authorizer| authorizer.name()),
            policy: delivery.map(|delivery| delivery.policy().in_words()),
            capacity: delivery.map(|delivery| delivery.capacity() as u64),
            handlers,
        }
    }
}
