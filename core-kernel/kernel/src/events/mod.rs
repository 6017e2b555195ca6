//! The kernel's side of the interfaces that extensions see: `console`, `clock` and `health`; and what follows a raise.
//!
//! *Concepts.* Everything of the kernel that can be extended is an event. What the kernel does about an event itself is the
//! event's intrinsic handler; who else may bind to it, its interface's authorizer says ([`authorizers`]).
//!
//! *Locking*: events are raised from the main strand with no lock held, and outside any other raise, so that what
//! faulted can be taken away at once. `clock.Interrupt` is the exception: it is raised in the timer interrupt.

mod authorizers;
mod clock;
mod console;
mod health;

use core::fmt;

use spindle_dispatcher::{EventCore, Handler};
use spindle_domain::Reaped;
use spindle_strands::AllStrands;

use crate::console::Sink;
use crate::recent::Recent;

pub(crate) use authorizers::TRAP;
pub(crate) use clock::{on_timer, tick};
pub(crate) use console::command;
pub(crate) use health::check as check_health;

/// How many queued raises are delivered in one go.
const DELIVERED_AT_ONCE: usize = 64;

/// Installs the kernel's own handlers. Called once, before interrupts are on.
pub(crate) fn start() {
    clock::start();
    console::start();
    health::start();
}

/// Installs the handler that an event has from the start.
fn install(event: &'static EventCore, handler: Handler) {
    // Nobody takes it away; who wants to can ask the event for it.
    let _ = event
        .install(handler.intrinsic())
        .expect("the kernel's own handler fits, and there is memory at boot");
}

/// After a raise: delivers what was queued, takes away what faulted, says so, and frees what nobody uses any more. Returns how
/// many raises were delivered.
pub(crate) fn settle() -> usize {
    let delivered = spindle_strands::deliver(DELIVERED_AT_ONCE);
    for Reaped { report, unloaded } in spindle_domain::reap() {
        let (name, handlers, kib) = (&unloaded.name, unloaded.handlers, unloaded.bytes / 1024);
        report_error(format_args!("extension `{name}` {report}"));
        let recent = Recent::now();
        if !recent.is_empty() {
            log::error!("last events: {recent}");
        }
        report_error(format_args!("extension `{name}` unloaded: {kib} KiB given back, handlers: {handlers}"));
    }
    spindle_dispatcher::collect(&AllStrands);
    delivered
}

/// Says it in the log, and to a host whose command is running.
fn report_error(line: fmt::Arguments<'_>) {
    log::error!("{line}");
    Sink::current().repeat(format_args!("error: {line}"));
}
