//! Who may bind what: one authorizer for each interface. The page docs/reference/authorizers.md says the same to extension authors.
//!
//! *Concepts.* Without an authorizer nobody but an event's owner may bind to it. Each of these is asked once for each row of an
//! extension that is loaded; what it denies is shown with its name and the rule.

use spindle_abi::{Asked, EventSpec, Key, system_call};
use spindle_dispatcher::{Authorizer, Handler, Interface, Order, Request, Role, Verdict, Wish};
use spindle_interfaces::clock;

use crate::console::is_command_of_the_kernel;

pub(super) static CONSOLE: Interface = Interface::governed("console", &Console);
pub(super) static CLOCK: Interface = Interface::governed("clock", &Clock);
pub(super) static HEALTH: Interface = Interface::governed("health", &Health);
pub(crate) static TRAP: Interface = Interface::governed("trap", &Trap);

struct Console;
struct Clock;
struct Health;
struct Trap;

impl Authorizer for Console {
    fn name(&self) -> &'static str {
        "the console"
    }

    fn authorize(&self, request: &Request<'_>) -> Verdict {
        let Wish::Bind(handler) = request.wish else { return Verdict::Allow };
        match (handler.role(), handler.order()) {
            (Role::Result, _) => {
                Verdict::Deny("the first answer to a line counts, so there are no two to fold")
            }
            (Role::Default, _) | (Role::Handler, Order::First | Order::Last) => Verdict::Allow,
            (Role::Handler, _) => by_word(handler),
        }
    }
}

/// A handler between the interposing ones and the kernel's: a command.
fn by_word(handler: &Handler) -> Verdict {
    let word = handler.key().and_then(|key| {
        key.terms().find_map(|term| match term.asked {
            Asked::Equal(Key::Word(word)) => Some(word),
            Asked::Equal(Key::Integer(_)) | Asked::Range { .. } => None,
        })
    });
    match word {
        None => Verdict::Deny("a command is bound to a `word`; who wants every line is `first` (or `last`)"),
        Some(word) if is_command_of_the_kernel(word) => {
            Verdict::Deny("the word is a command of the kernel; who wants to interpose on it is `first`")
        }
        Some(_) => Verdict::Allow,
    }
}

impl Authorizer for Clock {
    fn name(&self) -> &'static str {
        "the clock"
    }

    fn authorize(&self, request: &Request<'_>) -> Verdict {
        let in_interrupt =
            request.event.declaration().fingerprint == clock::Interrupt::DECLARATION.fingerprint;
        match request.wish {
            Wish::Impose(_) if in_interrupt => Verdict::Deny("no guard of an extension runs in an interrupt"),
            Wish::Bind(handler) if in_interrupt && handler.is_guarded() => {
                Verdict::Deny("no guard of an extension runs in an interrupt")
            }
            Wish::Bind(_) | Wish::Impose(_) => Verdict::Allow,
        }
    }
}

impl Authorizer for Health {
    fn name(&self) -> &'static str {
        "health"
    }

    fn authorize(&self, request: &Request<'_>) -> Verdict {
        match request.wish {
            Wish::Bind(handler) if handler.is_cancelling() => {
                Verdict::Deny("everybody is asked, so nobody keeps the question from others")
            }
            Wish::Impose(_) => Verdict::Deny("everybody is asked, so nobody keeps the question from others"),
            Wish::Bind(_) => Verdict::Allow,
        }
    }
}

impl Authorizer for Trap {
    fn name(&self) -> &'static str {
        "the traps"
    }

    fn authorize(&self, request: &Request<'_>) -> Verdict {
        let Wish::Bind(handler) = request.wish else { return Verdict::Allow };
        let exit = Asked::Equal(Key::Integer(system_call::EXIT));
        let asks_for_exit = handler.key().is_some_and(|key| key.terms().any(|term| term.asked == exit));
        match handler.role() {
            Role::Result => Verdict::Deny("a system call has one answer, so there are no two to fold"),
            _ if asks_for_exit => Verdict::Deny("`exit` is the kernel's own: it is not raised"),
            Role::Handler | Role::Default => Verdict::Allow,
        }
    }
}
