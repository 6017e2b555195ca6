//! One byte through a pipe to somebody who sends it back by another.
//!
//! A sample is one round trip: two writes, two reads, and on one processor two changes of who runs.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::process::{Command, Stdio};

use crate::Bench;
use crate::error::Error;
use crate::harness::{Samples, Settings, sample};

pub(crate) const BENCHES: &[Bench] = &[
    Bench { id: "L1/process", name: "pipe round trip, one byte, between two processes", run: processes },
    Bench { id: "L1/thread", name: "pipe round trip, one byte, between two threads", run: threads },
];

/// The argument that makes this program the other end.
pub(crate) const ECHO: &str = "echo";

/// Sends back what comes, until nothing comes any more.
///
/// # Errors
/// As reading and writing.
pub(crate) fn echo() -> io::Result<()> {
    // Whole files: the standard library's own streams keep what they read for later.
    let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    send_back(input, output)
}

fn send_back(mut from: impl Read, mut to: impl Write) -> io::Result<()> {
    let mut byte = [0];
    while from.read(&mut byte)? == 1 {
        to.write_all(&byte)?;
    }
    Ok(())
}

fn processes(settings: &Settings) -> Result<Samples, Error> {
    let itself = std::env::args_os().next().ok_or(Error::Nameless)?;
    let mut child = Command::new(itself)
        .arg(ECHO)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(Error::Pipe)?;
    let (to, from) = (child.stdin.take(), child.stdout.take());
    let (to, from) = to.zip(from).expect("both were asked for as pipes");
    let samples = round_trips(settings, to, from)?;
    // The pipe to the child is closed by now, so the child ends.
    child.wait().map_err(Error::Pipe)?;
    Ok(samples)
}

fn threads(settings: &Settings) -> Result<Samples, Error> {
    let (their_end, to) = io::pipe().map_err(Error::Pipe)?;
    let (from, their_answer) = io::pipe().map_err(Error::Pipe)?;
    let other = std::thread::spawn(move || send_back(their_end, their_answer));
    let samples = round_trips(settings, to, from)?;
    other.join().expect("sending back does not panic").map_err(Error::Pipe)?;
    Ok(samples)
}

fn round_trips(settings: &Settings, mut to: impl Write, mut from: impl Read) -> Result<Samples, Error> {
    let mut outcome = Ok(());
    let mut byte = [7];
    let samples = sample(settings, 1, || {
        if let Err(error) = to.write_all(&byte).and_then(|()| from.read_exact(&mut byte)) {
            outcome = Err(Error::Pipe(error));
        }
    });
    outcome.map(|()| samples)
}

#[cfg(test)]
mod tests {
    use super::send_back;

    #[test]
    fn every_byte_comes_back_in_order() {
        let mut answer = Vec::new();
        send_back(&b"spindle"[..], &mut answer).unwrap();
        assert_eq!(answer, b"spindle");
    }
}
