//! The control channel: a host runs commands and loads packages over the second serial line, beside the console.
//!
//! ```text
//!  control_line ──byte──> Conversation ──event──> Session (the console's own, with the host as its sink)
//!       ^                 (kerncore)                 │
//!       └──────────── answers <──output, done────────┘
//! ```
//! *Interface.* The main loop calls [`Control::serve`]. What is printed for the host goes through [`answers`].
//!
//! *Locking*: runs on the main strand, outside any raise, with no lock held.

pub(crate) mod answers;

use spindle_abi::protocol::exit;
use spindle_arch::{control_line, power_off, time};
use spindle_kerncore::control::{Conversation, Event};

use crate::console::{Session, Sink};

/// Who answers a hello.
const KERNEL: &str = concat!("Spindle ", env!("CARGO_PKG_VERSION"));

/// The kernel's end of the channel.
#[derive(Debug)]
pub(crate) struct Control {
    conversation: Conversation,
    session: Session,
}

impl Control {
    /// Waits for a hello.
    pub(crate) fn start() -> Self {
        Self { conversation: Conversation::new(KERNEL), session: Session::printing_to(Sink::Host) }
    }

    /// Takes what has been received, up to the first request that it holds, and answers that. Returns whether there may be
    /// more.
    pub(crate) fn serve(&mut self) -> bool {
        let now_ns = time::now_ns();
        while let Some(byte) = control_line::take_byte() {
            if let Some(event) = self.conversation.feed(byte, now_ns) {
                let ended = act(event, &mut self.session);
                self.conclude(ended);
                return true;
            }
        }
        if let Some(answer) = self.conversation.tick(now_ns) {
            log::warn!("an upload has stopped and is dropped");
            answers::send(&answer);
        }
        false
    }

    /// Says how a command has ended, if one was run.
    fn conclude(&mut self, ended: Option<bool>) {
        if let Some(succeeded) = ended
            && let Some(done) = self.conversation.finished(succeeded)
        {
            answers::send(&done);
        }
        if answers::take_not_read() {
            log::warn!("the host does not read its answers; the rest of them is dropped");
            self.conversation.give_up().iter().for_each(answers::leave_behind);
        }
        if self.session.wants_power_off() {
            answers::flush();
            power_off(exit::SUCCESS);
        }
    }
}

/// Does what a request asks for; for a command, whether it succeeded.
fn act(event: Event<'_>, session: &mut Session) -> Option<bool> {
    match event {
        Event::Answer(answer) => {
            answers::send(&answer);
            None
        }
        Event::Run(line) => {
            log::info!("the host runs `{line}`");
            Some(session.execute(line))
        }
        Event::Load { name, bytes, replace } => {
            let instead = if replace { ", in place of the loaded one" } else { "" };
            log::info!("the host pushes {name}, {} bytes{instead}", bytes.len());
            Some(session.load_pushed(&bytes, replace))
        }
    }
}
