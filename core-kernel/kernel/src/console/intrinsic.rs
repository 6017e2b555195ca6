//! The kernel's own commands, as the handler that `console.Command` has from the start: the last in its order.
//!
//! *Concepts.* A command may change bindings and wait until nobody is in a handler, which cannot be done inside a raise.
//! So the handler only finds which command a line names; who raised the event runs that command when the raise is over.
//!
//! ```text
//!  line ─> raise console.Command ─> interposing handlers ─> handlers by word ─> names_a_command
//!                │                                                                   │ NAMED
//!                └─ over ─> take_named ─> Command::run <─────────────────────────────┘
//! ```
//!
//! *Locking.* One line is run at a time. The lock is held to put a command there or take it, and no longer.

use spindle_abi::handler::Body;
use spindle_abi::{EventSpec, Invoke, Status};
use spindle_arch::lock::Lock;
use spindle_dispatcher::{Handler, KernelHandler};
use spindle_interfaces::console;
use spindle_kerncore::command::{Found, find};

use super::registry::{COMMANDS, Command};

/// The command that the line of the raise under way names.
static NAMED: Lock<Option<&'static Command>> = Lock::new(None);

/// Finds the kernel's command that a line names.
struct KernelCommands;

/// The handler, for the event's owner to install.
pub(crate) fn handler() -> Handler {
    Handler::kernel::<console::Command, KernelCommands>()
}

/// The command that the line of the last raise named and nobody before the kernel answered; once.
pub(super) fn take_named() -> Option<&'static Command> {
    NAMED.lock().take()
}

impl console::CommandHandler<()> for KernelCommands {
    fn handle(_state: &(), word: &str, arguments: &str) -> Status {
        match find(&COMMANDS, word, arguments) {
            Found::Command(command) => {
                *NAMED.lock() = Some(command);
                Status::OK
            }
            Found::Incomplete | Found::Unknown => Status::UNHANDLED,
        }
    }
}

impl KernelHandler<console::Command> for KernelCommands {
    fn handle(frame: &mut <console::Command as EventSpec>::Frame<'_>) {
        <Body<Self> as Invoke<console::Command, ()>>::invoke(&(), frame);
    }
}
