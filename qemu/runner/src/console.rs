//! A human at the guest's console.
//!
//! ```text
//!  terminal --stdin--> pass_input() --pipe--> QEMU --pipe--> pass_output() --stdout--> terminal
//!  (raw while it runs)                                          drops the firmware's talk, writes the log
//! ```

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::children::OwnedChild;
use crate::firmware_noise::FirmwareNoise;
use crate::{Ending, Error, Outcome, terminal};

/// If the kernel has not spoken after this, what the firmware said is shown.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is told while a machine runs.
pub trait Session {
    /// The guest has begun to speak: progress that is being shown must go.
    fn speaks(&mut self);
}

/// Runs `command` with the terminal as its console; everything it says also goes to the file `log`.
///
/// # Errors
/// See [`Error`].
pub fn interactive(command: &mut Command, log: &Path, session: &mut dyn Session) -> Result<Outcome, Error> {
    let unwritable = |cause| Error::Log { path: log.to_owned(), cause };
    let log = File::create(log).map_err(unwritable)?;
    let mut child = OwnedChild::start(command.stdin(Stdio::piped()))?;
    let input = child.child().stdin.take().expect("standard input is piped on the line above");
    let output = child.child().stdout.take().expect("standard output is piped at the start");
    let terminal = terminal::take().map_err(Error::Lost)?;
    pass_input(input);
    show(&read_pieces(output), log, session).map_err(Error::Lost)?;
    drop(terminal);
    Ok(Outcome::of(Ending::Exited(child.wait()?)))
}

/// Hands on what is typed, from a thread that ends with the process: a read of the terminal cannot be called off.
fn pass_input(mut to: impl Write + Send + 'static) {
    std::thread::spawn(move || {
        let mut typed = [0; 256];
        while let Ok(length @ 1..) = io::stdin().read(&mut typed) {
            if to.write_all(&typed[..length]).and_then(|()| to.flush()).is_err() {
                break;
            }
        }
    });
}

/// Shows and logs output until it ends.
fn show(pieces: &Receiver<Vec<u8>>, mut log: File, session: &mut dyn Session) -> io::Result<()> {
    let mut noise = FirmwareNoise::new();
    let patience_ends = Instant::now() + PATIENCE;
    loop {
        let piece = pieces.recv_timeout(patience_ends.saturating_duration_since(Instant::now()).max(TURN));
        if let Ok(piece) = &piece {
            log.write_all(piece)?;
        }
        let was_holding = noise.is_holding();
        let shown = match &piece {
            Ok(piece) if !was_holding || Instant::now() < patience_ends => noise.pass(piece),
            Ok(piece) => [noise.give_up(), piece.clone()].concat(),
            Err(_) => noise.give_up(),
        };
        if was_holding && !noise.is_holding() {
            session.speaks();
        }
        io::stdout().write_all(&shown)?;
        io::stdout().flush()?;
        if matches!(piece, Err(RecvTimeoutError::Disconnected)) {
            return Ok(());
        }
    }
}

/// How often an idle session looks up, once its patience is over.
const TURN: Duration = Duration::from_secs(1);

fn read_pieces(mut output: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = output.read(&mut piece) {
            if sender.send(piece[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
}
