//! One connection to a running kernel.
//!
//! ```text
//!  push:  begin ─> received 0 ─> chunk, chunk, ... (at most WINDOW ahead of `received`) ─> end ─> output* ─> done
//!  run:   run ─> output* ─> done
//! ```

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use spindle_abi::Fingerprint;
use spindle_kerncore::control::{
    Answer, CHUNK_BYTES, Decoder, FrameFault, MAX_FRAME_BYTES, MAX_LINE_BYTES, MAX_PAYLOAD_BYTES, Request,
    encode,
};

use super::ControlError;

/// How often a hello is repeated: one that came before the kernel did is lost.
const HELLO_AGAIN: Duration = Duration::from_secs(1);
/// How many chunks may be under way.
const WINDOW: usize = 8;

/// A connection to a kernel.
#[derive(Debug)]
pub struct Channel {
    stream: UnixStream,
    /// What the kernel says. It is read as it comes: a kernel waits for a host that does not read.
    pieces: Receiver<Vec<u8>>,
    decoder: Decoder,
    /// What was read and not decoded.
    unread: VecDeque<u8>,
    conversation: u32,
}

/// A package to be loaded into the kernel.
#[derive(Clone, Copy, Debug)]
pub struct Package<'a> {
    /// What the kernel's log calls it.
    pub name: &'a str,
    /// The file.
    pub bytes: &'a [u8],
    /// Whether a loaded extension of the same name makes room for it.
    pub replace: bool,
}

/// What a kernel says, without what was only borrowed.
enum Said {
    Welcome { conversation: u32, kernel: String },
    Output(Vec<u8>),
    Received(usize),
    Done(bool),
}

impl Channel {
    /// Connects to the machine that listens at `socket`. It talks to one host at a time: another one waits unheard.
    ///
    /// # Errors
    /// [`ControlError::NobodyListens`] or [`ControlError::Socket`].
    pub fn open(socket: &Path) -> Result<Self, ControlError> {
        let stream = connect(socket).map_err(|cause| match cause.kind() {
            ErrorKind::ConnectionRefused | ErrorKind::NotFound => {
                ControlError::NobodyListens(socket.to_owned())
            }
            _ => ControlError::Socket { path: socket.to_owned(), cause },
        })?;
        let pieces = read_pieces(stream.try_clone().map_err(lost)?);
        // Each hasher of the standard library has its own random seed.
        let conversation = RandomState::new().hash_one(std::process::id()) as u32;
        Ok(Self { stream, pieces, decoder: Decoder::new(), unread: VecDeque::new(), conversation })
    }

    /// Begins a conversation; what was under way in an older one is dropped. Returns who answers. `waits` is called once
    /// if that takes longer than a moment.
    ///
    /// # Errors
    /// [`ControlError::Silent`] if nobody has answered after `patience`.
    pub fn hello(&mut self, patience: Duration, mut waits: impl FnMut()) -> Result<String, ControlError> {
        let deadline = Instant::now() + patience;
        let mut waits = Some(&mut waits);
        loop {
            self.say(&Request::Hello { conversation: self.conversation })?;
            let again = Instant::now() + HELLO_AGAIN;
            while let Some(left) = again.min(deadline).checked_duration_since(Instant::now()) {
                match self.hear_anything(left) {
                    Ok(Some(Said::Welcome { conversation, kernel })) if conversation == self.conversation => {
                        return Ok(kernel);
                    }
                    // Meant for somebody before us.
                    Ok(_) | Err(ControlError::Garbled(_) | ControlError::Refused(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            if Instant::now() >= deadline {
                return Err(ControlError::Silent(patience));
            }
            waits.take().into_iter().for_each(|waits| waits());
        }
    }

    /// Runs a line of the console; hands on what it prints; returns whether it succeeded.
    ///
    /// # Errors
    /// [`ControlError::Silent`] if the kernel says nothing for `silence`; others as they are documented.
    pub fn run(
        &mut self,
        line: &str,
        silence: Duration,
        output: impl FnMut(&[u8]),
    ) -> Result<bool, ControlError> {
        if line.len() > MAX_LINE_BYTES {
            return Err(ControlError::TooLong);
        }
        self.say(&Request::Run { line })?;
        self.follow(silence, output)
    }

    /// Uploads a package and has it loaded; `progress` is told how many bytes have arrived. Returns whether it was loaded.
    ///
    /// # Errors
    /// As [`Channel::run`].
    pub fn push(
        &mut self,
        package: Package<'_>,
        silence: Duration,
        progress: impl FnMut(usize),
        output: impl FnMut(&[u8]),
    ) -> Result<bool, ControlError> {
        let Package { name, bytes, replace } = package;
        let length = u32::try_from(bytes.len()).map_err(|_| ControlError::TooLong)?;
        self.say(&Request::Begin { name, length, hash: Fingerprint::of_bytes(bytes).0, replace })?;
        self.upload(bytes, silence, progress)?;
        self.say(&Request::End)?;
        self.follow(silence, output)
    }

    fn upload(
        &mut self,
        bytes: &[u8],
        silence: Duration,
        mut progress: impl FnMut(usize),
    ) -> Result<(), ControlError> {
        let mut received = self.hear_received(silence)?;
        for (index, chunk) in bytes.chunks(CHUNK_BYTES).enumerate() {
            let offset = index * CHUNK_BYTES;
            while received + WINDOW * CHUNK_BYTES <= offset {
                received = self.hear_received(silence)?;
                progress(received);
            }
            // A package is far shorter than 4 GiB: `push` has looked.
            self.say(&Request::Chunk { offset: offset as u32, bytes: chunk })?;
        }
        while received < bytes.len() {
            received = self.hear_received(silence)?;
            progress(received);
        }
        Ok(())
    }

    fn follow(&mut self, silence: Duration, mut output: impl FnMut(&[u8])) -> Result<bool, ControlError> {
        loop {
            match self.hear(silence)? {
                Said::Output(text) => output(&text),
                Said::Done(succeeded) => return Ok(succeeded),
                _ => return Err(ControlError::Garbled(None)),
            }
        }
    }

    fn hear_received(&mut self, silence: Duration) -> Result<usize, ControlError> {
        match self.hear(silence)? {
            Said::Received(length) => Ok(length),
            _ => Err(ControlError::Garbled(None)),
        }
    }

    fn say(&mut self, request: &Request<'_>) -> Result<(), ControlError> {
        let mut room = [0; MAX_FRAME_BYTES];
        let frame = encode::<MAX_PAYLOAD_BYTES>(request, &mut room).map_err(|_| ControlError::TooLong)?;
        self.stream.write_all(frame).map_err(lost)
    }

    /// The next answer. A second welcome answers a hello that was repeated.
    fn hear(&mut self, silence: Duration) -> Result<Said, ControlError> {
        loop {
            match self.hear_anything(silence)? {
                Some(Said::Welcome { conversation, .. }) if conversation == self.conversation => {}
                Some(said) => return Ok(said),
                None => return Err(ControlError::Silent(silence)),
            }
        }
    }

    /// The next answer, if one comes in time.
    fn hear_anything(&mut self, patience: Duration) -> Result<Option<Said>, ControlError> {
        let deadline = Instant::now() + patience;
        loop {
            while let Some(byte) = self.unread.pop_front() {
                match self.decoder.feed(byte) {
                    Some(Ok(payload)) => return Said::of(payload).map(Some),
                    Some(Err(FrameFault::Version { found })) => return Err(ControlError::Version(found)),
                    Some(Err(fault)) => return Err(ControlError::Garbled(Some(fault))),
                    None => {}
                }
            }
            match self.pieces.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(piece) => self.unread.extend(piece),
                Err(RecvTimeoutError::Timeout) => return Ok(None),
                Err(RecvTimeoutError::Disconnected) => return Err(ControlError::Ended),
            }
        }
    }
}

/// Ends the thread that reads.
impl Drop for Channel {
    fn drop(&mut self) {
        // Fails only if the connection has ended, which is what is wanted.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

impl Said {
    fn of(payload: &[u8]) -> Result<Self, ControlError> {
        Ok(match Answer::parse(payload).ok_or(ControlError::Garbled(None))? {
            Answer::Welcome { conversation, kernel } => {
                Self::Welcome { conversation, kernel: kernel.to_owned() }
            }
            Answer::Output { text } => Self::Output(text.to_vec()),
            Answer::Received { length } => Self::Received(length as usize),
            Answer::Done { succeeded } => Self::Done(succeeded),
            Answer::Refused { reason } => return Err(ControlError::Refused(reason)),
        })
    }
}

/// Connects by way of the socket's folder: a whole path may have 107 bytes only.
///
/// # Errors
/// What the operating system says.
pub fn connect(socket: &Path) -> io::Result<UnixStream> {
    let parent = socket.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = File::open(parent.unwrap_or(Path::new(".")))?;
    let name = socket.file_name().unwrap_or(OsStr::new(""));
    UnixStream::connect(Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name))
}

/// A connection breaks when QEMU ends.
fn lost(_: io::Error) -> ControlError {
    ControlError::Ended
}

fn read_pieces(mut stream: UnixStream) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = stream.read(&mut piece) {
            if sender.send(piece[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
}
