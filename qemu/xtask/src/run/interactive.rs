//! A human at the prompt.

use std::process::ExitCode;

use spindle_runner::{Machine, Outcome, Session, interactive};

use crate::boot::Boot;
use crate::control::Socket;
use crate::failure::{Failure, Result};
use crate::folders;
use crate::progress::Spinner;

/// Boots with the terminal as the console.
pub(super) fn run(boot: &Boot<'_>) -> Result<ExitCode> {
    let log = boot.folders.log("run");
    folders::create(log.parent().unwrap_or(boot.folders.built()))?;
    let socket = Socket::new(boot.folders)?;
    let control = Some(socket.path().to_owned());
    let machine = Machine { has_escape_key: true, control, ..boot.machine() };
    let Machine { memory, processors, accelerator, .. } = &machine;
    eprintln!(
        "Spindle in QEMU ({accelerator}, {memory}, {processors} CPU). To leave: `poweroff`, or Ctrl-A X."
    );
    eprintln!("From another terminal: `cargo xtask ext push NAME`, `cargo xtask ctl COMMAND`.");
    let mut booting = Booting(Some(Spinner::new("booting")));
    let outcome = interactive(&mut machine.command(), &log, &mut booting)?;
    drop(booting);
    match outcome {
        Outcome::Succeeded | Outcome::SilentStop => Ok(ExitCode::SUCCESS),
        other => {
            // The kernel was most likely in the middle of a line.
            eprintln!();
            let failure = Failure::new("the session ended unasked").because(other);
            Err(failure.next(format_args!("less {}", log.display())))
        }
    }
}

/// The spinner that goes when the kernel speaks.
struct Booting(Option<Spinner>);

impl Session for Booting {
    fn speaks(&mut self) {
        self.0 = None;
    }
}
