//! A pseudo terminal with a program on it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use rustix::process::Pid;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::tcgetattr;

/// A program, and the terminal that it believes to have.
pub(in crate::test) struct Pty {
    /// What a human's keyboard is connected to.
    keyboard: File,
    /// The program's side; held open, so that its settings outlive the program.
    terminal: File,
    found: String,
    shown: Receiver<Vec<u8>>,
    unread: String,
    /// The beginning of a sequence whose end has not been read.
    cut: Vec<u8>,
    program: Child,
}

impl Pty {
    /// Starts `command` on a new pseudo terminal.
    pub(in crate::test) fn start(command: &mut Command) -> io::Result<Self> {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
        grantpt(&keyboard)?;
        unlockpt(&keyboard)?;
        let name = ptsname(&keyboard, Vec::new())?.into_string().map_err(io::Error::other)?;
        let terminal = OpenOptions::new().read(true).write(true).open(name)?;
        let keyboard = File::from(keyboard);
        command.stdin(terminal.try_clone()?).stdout(terminal.try_clone()?).stderr(terminal.try_clone()?);
        let found = settings(&terminal)?;
        let program = command.spawn()?;
        let shown = read_pieces(keyboard.try_clone()?);
        Ok(Self { keyboard, terminal, found, shown, unread: String::new(), cut: Vec::new(), program })
    }

    /// The program that was started.
    pub(in crate::test) fn session(&self) -> Pid {
        Pid::from_child(&self.program)
    }

    /// The settings of the terminal, as text to compare and to show.
    pub(in crate::test) fn settings(&self) -> io::Result<String> {
        settings(&self.terminal)
    }

    /// The settings that the program found.
    pub(in crate::test) fn settings_found(&self) -> &str {
        &self.found
    }

    /// Presses keys.
    pub(in crate::test) fn type_keys(&mut self, keys: &[u8]) {
        // A terminal that takes no keys shows in the answer that does not come.
        let _ = self.keyboard.write_all(keys);
    }

    /// Waits until `text` is shown after what was waited for before.
    pub(in crate::test) fn wait_for(&mut self, text: &str, patience: Duration) -> Result<(), String> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(at) = self.unread.find(text) {
                self.unread.drain(..at + text.len());
                return Ok(());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(piece) = self.shown.recv_timeout(left) else {
                return Err(format!(
                    "{text:?} was not shown within {patience:?}; instead: {:?}",
                    self.unread
                ));
            };
            self.cut.extend(piece);
            let rest = self.cut.split_off(whole_sequences(&self.cut));
            let whole = std::mem::replace(&mut self.cut, rest);
            self.unread.push_str(&without_sequences(&String::from_utf8_lossy(&whole)));
        }
    }

    /// Waits for the end of the program.
    pub(in crate::test) fn wait(&mut self, patience: Duration) -> Result<ExitStatus, String> {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if let Ok(Some(status)) = self.program.try_wait() {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(format!("the session did not end within {patience:?}"))
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Its handler ends QEMU too. Both calls fail only if it has ended, which is what is wanted.
        let _ = rustix::process::kill_process(self.session(), rustix::process::Signal::TERM);
        let _ = self.program.wait();
    }
}

fn settings(terminal: &File) -> io::Result<String> {
    Ok(format!("{:?}", tcgetattr(terminal)?))
}

fn read_pieces(mut screen: File) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = screen.read(&mut piece) {
            if sender.send(piece[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
}

/// How many of the bytes come before a sequence that is not whole.
fn whole_sequences(bytes: &[u8]) -> usize {
    match bytes.iter().rposition(|&byte| byte == 0x1b) {
        Some(start) if !bytes[start..].iter().any(u8::is_ascii_alphabetic) => start,
        _ => bytes.len(),
    }
}

/// Text without what moves the cursor or colours it.
fn without_sequences(text: &str) -> String {
    let mut kept = String::new();
    let mut pieces = text.split("\u{1b}[");
    kept.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let end = piece.find(|letter: char| letter.is_ascii_alphabetic());
        kept.push_str(end.map_or("", |end| &piece[end + 1..]));
    }
    kept.replace('\r', "")
}

#[cfg(test)]
mod tests {
    use super::{Pty, whole_sequences, without_sequences};
    use std::process::Command;
    use std::time::Duration;

    const PATIENCE: Duration = Duration::from_secs(10);

    #[test]
    fn what_is_typed_reaches_the_program_and_its_answer_comes_back() {
        let mut pty =
            Pty::start(Command::new("/bin/sh").args(["-c", "read word; echo got $word; exit 3"])).unwrap();
        pty.type_keys(b"seven\r");
        pty.wait_for("got seven\n", PATIENCE).unwrap();
        assert_eq!(pty.wait(PATIENCE).unwrap().code(), Some(3));
    }

    #[test]
    fn settings_that_a_program_leaves_behind_show() {
        let mut pty = Pty::start(Command::new("stty").arg("-echo")).unwrap();
        assert!(pty.wait(PATIENCE).unwrap().success());
        assert_ne!(pty.settings().unwrap(), pty.settings_found());
    }

    #[test]
    fn what_does_not_come_is_reported_with_what_came() {
        let mut pty = Pty::start(Command::new("echo").arg("other")).unwrap();
        assert!(pty.wait_for("this", Duration::from_millis(300)).unwrap_err().contains("other"));
    }

    #[test]
    fn a_sequence_that_is_cut_waits_for_its_end() {
        for (bytes, whole) in
            [(&b"a\x1b[K"[..], 4), (b"a\x1b[1;3", 1), (b"a\x1b", 1), (b"\x1b[Ka\x1b[", 4), (b"ab", 2)]
        {
            assert_eq!(whole_sequences(bytes), whole);
        }
    }

    #[test]
    fn sequences_are_taken_out() {
        assert_eq!(without_sequences("\r\u{1b}[Kspindle> \u{1b}[1;31mx\u{1b}[0m\r\n"), "spindle> x\n");
    }
}
