//! A conversation with a running kernel, whose answers go to standard output as they come.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use spindle_runner::control::{Channel, ControlError, Package};

use super::sockets::{candidates, nobody};
use super::turn::{self, Turn};
use crate::failure::{Failure, Result};
use crate::folders::Folders;
use crate::progress::Bar;

/// Options for reaching a kernel.
#[derive(Args, Clone, Debug)]
pub(crate) struct Reach {
    /// The kernel's socket, if several run and it is not the newest that is meant.
    #[arg(long, value_name = "FILE")]
    socket: Option<PathBuf>,
    /// How long the kernel may say nothing, and somebody else may speak to it.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    timeout: u64,
}

impl Reach {
    /// Whether there is a kernel to be reached, before work is done for it.
    ///
    /// # Errors
    /// If none runs.
    pub(crate) fn is_possible(&self, folders: &Folders) -> Result<()> {
        candidates(folders, self.socket.as_deref()).map(drop)
    }

    /// The kernel that is meant; others are named.
    fn choose(&self, folders: &Folders) -> Result<PathBuf> {
        let mut running = candidates(folders, self.socket.as_deref())?;
        let newest = running.pop().expect("`candidates` gives at least one");
        if !running.is_empty() {
            eprintln!(
                "{} kernels run; this is for the newest: --socket {}",
                running.len() + 1,
                newest.display()
            );
            running.iter().rev().for_each(|other| eprintln!("  another one: --socket {}", other.display()));
        }
        Ok(newest)
    }
}

/// An open conversation; nobody else speaks to the kernel meanwhile.
#[derive(Debug)]
pub(crate) struct Talk {
    channel: Channel,
    socket: PathBuf,
    patience: Duration,
    _turn: Turn,
}

impl Talk {
    /// Finds the kernel, waits for its attention, and says hello.
    ///
    /// # Errors
    /// If no kernel runs, or it does not answer, or somebody else does not stop speaking to it.
    pub(crate) fn begin(folders: &Folders, reach: &Reach) -> Result<Self> {
        let socket = reach.choose(folders)?;
        let patience = Duration::from_secs(reach.timeout);
        let turn = turn::wait(&socket, patience)?;
        let mut channel = Channel::open(&socket).map_err(|error| explain(&error, &socket))?;
        let waits = || {
            eprintln!("the kernel does not answer yet: it boots, or runs another command; waiting for it");
        };
        channel.hello(patience, waits).map_err(|error| explain(&error, &socket))?;
        Ok(Self { channel, socket, patience, _turn: turn })
    }

    /// Where the kernel listens.
    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// Runs a line of the console; whether it succeeded.
    pub(crate) fn run(&mut self, line: &str) -> Result<bool> {
        self.channel.run(line, self.patience, show).map_err(|error| explain(&error, &self.socket))
    }

    /// Loads a package; whether it was loaded.
    pub(crate) fn push(&mut self, package: Package<'_>) -> Result<bool> {
        let bar = Bar::new("pushing", package.bytes.len());
        let loaded = self.channel.push(
            package,
            self.patience,
            |there| bar.set(there),
            |text| {
                bar.hide();
                show(text);
            },
        );
        drop(bar);
        loaded.map_err(|error| explain(&error, &self.socket))
    }
}

fn show(text: &[u8]) {
    let mut out = std::io::stdout();
    // Whoever closed standard output does not want it.
    let _ = out.write_all(text).and_then(|()| out.flush());
}

fn explain(error: &ControlError, socket: &Path) -> Failure {
    match error {
        ControlError::NobodyListens(path) => nobody(&format!("nobody listens at {}", path.display())),
        ControlError::Ended => {
            Failure::new("the kernel has ended").because("its machine closed the connection")
        }
        ControlError::Silent(_) => Failure::new("the kernel does not answer")
            .because(error)
            .next("look at its console, or give it more time: --timeout SECONDS"),
        ControlError::Refused(_) => Failure::new("the kernel did not take it").because(error),
        ControlError::Version(_) => Failure::new("the kernel and this program do not understand each other")
            .because(error)
            .next("leave the kernel (`poweroff`) and start it again: cargo xtask run"),
        _ => Failure::new(format_args!("the kernel at {} cannot be spoken to", socket.display()))
            .because(error),
    }
}
