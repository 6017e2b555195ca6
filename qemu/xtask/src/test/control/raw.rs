//! A host that says whatever a case wants, and hears what the kernel answers.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use spindle_kerncore::control::{
    Answer, Decoder, MAX_FRAME_BYTES, MAX_PAYLOAD_BYTES, Reason, Request, encode,
};

use super::Verdict;

const PATIENCE: Duration = Duration::from_secs(60);
const CONVERSATION: u32 = 4711;

/// A connection to the kernel.
pub(super) struct Raw {
    stream: UnixStream,
    decoder: Decoder,
    heard: Vec<Heard>,
}

/// What the kernel said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    Welcome,
    Output(String),
    Received(u32),
    Done(bool),
    Refused(Reason),
    Nonsense,
}

/// The frame around a request.
pub(super) fn frame(request: &Request<'_>) -> Vec<u8> {
    let mut room = [0; MAX_FRAME_BYTES];
    encode::<MAX_PAYLOAD_BYTES>(request, &mut room).expect("requests of cases are not too long").to_vec()
}

impl Raw {
    /// Connects and says nothing.
    pub(super) fn connect(socket: &Path) -> Result<Self, String> {
        let unable = |error: std::io::Error| format!("{} is not there: {error}", socket.display());
        let stream = spindle_runner::control::connect(socket).map_err(unable)?;
        stream.set_read_timeout(Some(Duration::from_millis(100))).map_err(unable)?;
        stream.set_write_timeout(Some(PATIENCE)).map_err(unable)?;
        Ok(Self { stream, decoder: Decoder::new(), heard: Vec::new() })
    }

    /// Begins a conversation; what was said before it is forgotten.
    pub(super) fn greet(&mut self) -> Verdict {
        self.say(&Request::Hello { conversation: CONVERSATION })?;
        self.hears(&Heard::Welcome)?;
        self.heard.clear();
        Ok(())
    }

    /// Says a request.
    pub(super) fn say(&mut self, request: &Request<'_>) -> Verdict {
        self.say_bytes(&frame(request))
    }

    /// Says anything.
    pub(super) fn say_bytes(&mut self, bytes: &[u8]) -> Verdict {
        self.stream.write_all(bytes).map_err(|error| format!("the kernel takes no bytes: {error}"))
    }

    /// Says it from another thread, so that what the kernel answers meanwhile can be heard.
    pub(super) fn say_meanwhile(&self, bytes: Vec<u8>) -> Verdict {
        let stream = self.stream.try_clone().map_err(|error| error.to_string())?;
        // What is not taken shows in the answer that does not come.
        std::thread::spawn(move || (&stream).write_all(&bytes));
        Ok(())
    }

    /// Waits until the kernel has said this.
    pub(super) fn hears(&mut self, expected: &Heard) -> Verdict {
        self.waits_until(|heard| heard.contains(expected))
            .map_err(|instead| format!("no {expected:?}; {instead}"))
    }

    /// Waits until the kernel has said it has ended something; whether it succeeded, and what it printed.
    pub(super) fn hears_the_end(&mut self) -> Result<(bool, String), String> {
        let is_end = |heard: &Heard| matches!(heard, Heard::Done(_) | Heard::Refused(_));
        self.waits_until(|heard| heard.iter().any(is_end))?;
        let text = self.heard.iter().filter_map(|heard| match heard {
            Heard::Output(text) => Some(text.as_str()),
            _ => None,
        });
        let text = text.collect();
        match self.heard.iter().find(|heard| is_end(heard)) {
            Some(Heard::Done(succeeded)) => Ok((*succeeded, text)),
            other => Err(format!("{other:?} after `{text}`")),
        }
    }

    /// Whether it is said that this was refused.
    pub(super) fn is_refused(&mut self, reason: Reason) -> Verdict {
        self.hears(&Heard::Refused(reason))
    }

    /// What was heard since the conversation began.
    pub(super) fn heard(&self) -> &[Heard] {
        &self.heard
    }

    /// Forgets what was heard.
    pub(super) fn forget(&mut self) {
        self.heard.clear();
    }

    fn waits_until(&mut self, enough: impl Fn(&[Heard]) -> bool) -> Verdict {
        let deadline = Instant::now() + PATIENCE;
        while !enough(&self.heard) {
            if Instant::now() > deadline {
                return Err(format!("heard {:?}", self.heard));
            }
            self.hear()?;
        }
        Ok(())
    }

    /// Takes what has come.
    fn hear(&mut self) -> Verdict {
        let mut piece = [0; 4096];
        let length = match self.stream.read(&mut piece) {
            Ok(0) => return Err("the connection is closed".to_owned()),
            Ok(length) => length,
            Err(_) => return Ok(()),
        };
        for &byte in &piece[..length] {
            if let Some(frame) = self.decoder.feed(byte) {
                self.heard.push(frame.map_or(Heard::Nonsense, Heard::of));
            }
        }
        Ok(())
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // The kernel's machine may be gone already.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

impl Heard {
    fn of(payload: &[u8]) -> Self {
        match Answer::parse(payload) {
            Some(Answer::Welcome { conversation: CONVERSATION, .. }) => Self::Welcome,
            Some(Answer::Output { text }) => Self::Output(String::from_utf8_lossy(text).into_owned()),
            Some(Answer::Received { length }) => Self::Received(length),
            Some(Answer::Done { succeeded }) => Self::Done(succeeded),
            Some(Answer::Refused { reason }) => Self::Refused(reason),
            Some(Answer::Welcome { .. }) | None => Self::Nonsense,
        }
    }
}
