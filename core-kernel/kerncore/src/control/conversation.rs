//! The kernel's side of a conversation: which request may come when, and what follows from it.
//!
//! ```text
//!              hello                run, or end with a whole upload
//!   closed ───────────> idle ────────────────────────────────────> running
//!     ^  ^               │ ^                                          │
//!     │  │         begin │ └──────────────── finished ────────────────┘
//!     │  │               v
//!     │  └─────────── uploading ──chunk──┐
//!     │  refused,        ^               │
//!     │  or silence      └───────────────┘
//!     └── refused: anything else, anywhere; hello, anywhere, leads to idle
//! ```
//! Whatever is refused ends the conversation: its upload is dropped. The first refusal is told; what else comes before
//! the next hello is only counted, so that a host in disorder is not answered in kind.

use alloc::vec::Vec;

use heapless::String;

use super::upload::Upload;
use super::{Answer, Decoder, MAX_LINE_BYTES, MAX_NAME_BYTES, Reason, Request};

/// An upload of which nothing comes for this long is dropped.
pub const SILENCE_NS: u64 = 5_000_000_000;

/// What the kernel is to do now.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "the host waits for what this asks for"]
pub enum Event<'a> {
    /// Send this.
    Answer(Answer<'a>),
    /// Run this line of the console; then call [`Conversation::finished`].
    Run(&'a str),
    /// Load this package; then call [`Conversation::finished`].
    Load {
        /// What to call it in the log.
        name: String<MAX_NAME_BYTES>,
        /// The package.
        bytes: Vec<u8>,
        /// Whether a loaded extension of the same name makes room for it.
        replace: bool,
    },
}

/// The state of the conversation with the host, and the frame that is being received.
#[derive(Debug)]
pub struct Conversation {
    kernel: &'static str,
    decoder: Decoder,
    state: State,
    refusals: u64,
}

#[derive(Debug)]
enum State {
    /// Nobody has said hello since the last refusal.
    Closed {
        was_told: bool,
    },
    Idle,
    Uploading {
        upload: Upload,
        last_ns: u64,
    },
    Running,
}

impl Conversation {
    /// Waits for a hello, to which `kernel` says who answers.
    #[must_use]
    pub const fn new(kernel: &'static str) -> Self {
        let state = State::Closed { was_told: false };
        Self { kernel, decoder: Decoder::new(), state, refusals: 0 }
    }

    /// Takes the next byte from the host; says what to do if it ends a request.
    pub fn feed(&mut self, byte: u8, now_ns: u64) -> Option<Event<'_>> {
        let Self { kernel, decoder, state, refusals } = self;
        if let State::Uploading { last_ns, .. } = state {
            *last_ns = now_ns;
        }
        let step = match decoder.feed(byte)? {
            Ok(payload) => match Request::parse(payload) {
                Some(request) => state.take(request, kernel, now_ns),
                None => Err(Reason::UnknownRequest),
            },
            Err(fault) => Err(Reason::Frame(fault)),
        };
        step.map_or_else(|reason| state.refuse(reason, refusals).map(Event::Answer), Some)
    }

    /// Drops an upload that has stopped; call it now and then. Says what to tell the host.
    pub fn tick(&mut self, now_ns: u64) -> Option<Answer<'static>> {
        match self.state {
            State::Uploading { last_ns, .. } if now_ns.saturating_sub(last_ns) >= SILENCE_NS => {
                self.state.refuse(Reason::Silence, &mut self.refusals)
            }
            _ => None,
        }
    }

    /// The command or the load has ended; says what to tell the host. `None` if somebody else has said hello meanwhile.
    pub fn finished(&mut self, succeeded: bool) -> Option<Answer<'static>> {
        if !matches!(self.state, State::Running) {
            return None;
        }
        self.state = State::Idle;
        Some(Answer::Done { succeeded })
    }

    /// The host does not read: the conversation ends. Says what to tell the host when it reads again.
    pub fn give_up(&mut self) -> Option<Answer<'static>> {
        self.state.refuse(Reason::NotRead, &mut self.refusals)
    }

    /// Whether a hello was said and nothing refused since.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.state, State::Closed { .. })
    }

    /// How many conversations were ended, and requests or frames refused after them.
    #[must_use]
    pub fn refusals(&self) -> u64 {
        self.refusals
    }

    /// How many received bytes belonged to no frame.
    #[must_use]
    pub fn skipped_bytes(&self) -> u64 {
        self.decoder.skipped_bytes()
    }
}

impl State {
    /// What a request leads to. After an error, [`State::refuse`] must follow.
    fn take<'a>(&mut self, request: Request<'a>, kernel: &'a str, now_ns: u64) -> Result<Event<'a>, Reason> {
        match (&mut *self, request) {
            (_, Request::Hello { conversation }) => {
                *self = Self::Idle;
                Ok(Event::Answer(Answer::Welcome { conversation, kernel }))
            }
            (Self::Closed { .. }, _) => Err(Reason::NoHello),
            (Self::Running, _) => Err(Reason::WhileRunning),
            (Self::Idle, Request::Run { line }) => self.run(line),
            (Self::Idle, Request::Begin { name, length, hash, replace }) => {
                let upload = Upload::begin(name, length, hash, replace)?;
                *self = Self::Uploading { upload, last_ns: now_ns };
                Ok(Event::Answer(Answer::Received { length: 0 }))
            }
            (Self::Idle, Request::Chunk { .. } | Request::End) => Err(Reason::NoUpload),
            (Self::Uploading { upload, .. }, Request::Chunk { offset, bytes }) => {
                upload.add(offset, bytes)?;
                Ok(Event::Answer(Answer::Received { length: upload.received() }))
            }
            (Self::Uploading { .. }, Request::End) => self.load(),
            (Self::Uploading { .. }, _) => Err(Reason::WhileUploading),
        }
    }

    fn run<'a>(&mut self, line: &'a str) -> Result<Event<'a>, Reason> {
        if line.len() > MAX_LINE_BYTES {
            return Err(Reason::LineTooLong { length: line.len() as u32 });
        }
        if line.chars().any(char::is_control) {
            return Err(Reason::LineNotPlain);
        }
        *self = Self::Running;
        Ok(Event::Run(line))
    }

    fn load(&mut self) -> Result<Event<'static>, Reason> {
        let Self::Uploading { upload, .. } = core::mem::replace(self, Self::Running) else {
            return Err(Reason::NoUpload);
        };
        let (name, replace) = (upload.name.clone(), upload.replace);
        Ok(Event::Load { name, bytes: upload.end()?, replace })
    }

    /// Ends the conversation; what to say, if it was not said already.
    fn refuse(&mut self, reason: Reason, refusals: &mut u64) -> Option<Answer<'static>> {
        *refusals += 1;
        match core::mem::replace(self, Self::Closed { was_told: true }) {
            Self::Closed { was_told: true } => None,
            _ => Some(Answer::Refused { reason }),
        }
    }
}
