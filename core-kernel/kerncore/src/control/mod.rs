//! The control protocol: how the host's tools run commands in a running kernel and push extensions into it.
//!
//! ```text
//!  bytes ──> Decoder ──payload──> Request ──> Conversation ──> Event: answer this, run this line, load this package
//!            (frame)              (message)   (state machine)
//!  bytes <── encode  <──────────  Answer
//! ```
//! *Concepts.* A *frame* is one message on the line, with a checksum and its own beginning and end, so that a reader
//! finds the next one after any garbage. A *conversation* begins with [`Request::Hello`]; whatever is out of order
//! ends it with a [`Reason`], and the next hello begins a new one.
//!
//! *Interface.* The kernel feeds received bytes to a [`Conversation`] and does what it says. The host feeds them to a
//! [`Decoder`] and reads [`Answer`]s. Both write with [`encode`].
//!
//! *Invariants.*
//! - `INV-CTL-1`: no byte sequence makes anything here panic, and none takes more memory than one frame and one upload.
//! - `INV-CTL-2`: however the byte stream is cut into pieces, the messages are the same.
//! - `INV-CTL-3`: a whole frame is found, whatever precedes it.
//!
//! *Not here.* The serial line (`arch`), what a command does (`kernel`), the socket (`qemu/runner`). The page is
//! docs/reference/control-protocol.md.

mod conversation;
mod frame;
mod message;
mod reason;
mod upload;

pub use conversation::{Conversation, Event, SILENCE_NS};
pub use frame::{Decoder, EncodeError, FrameFault, encode};
pub use message::{Answer, Request};
pub use reason::Reason;

/// The version that both sides must speak; it is in every frame.
pub const VERSION: u8 = 1;
/// Most bytes of a package in one [`Request::Chunk`].
pub const CHUNK_BYTES: usize = 4096;
/// Most bytes of a message.
pub const MAX_PAYLOAD_BYTES: usize = CHUNK_BYTES + 64;
/// Most bytes of a frame with both of its ends.
pub const MAX_FRAME_BYTES: usize = frame::encoded_bytes(MAX_PAYLOAD_BYTES);
/// Longest command line.
pub const MAX_LINE_BYTES: usize = 1024;
/// Longest name that an upload may carry for the log.
pub const MAX_NAME_BYTES: usize = 64;
/// Most bytes of text in one [`Answer::Output`] that the kernel sends.
pub const OUTPUT_BYTES: usize = 512;
/// Most bytes of an answer.
pub const ANSWER_BYTES: usize = OUTPUT_BYTES + 16;
/// Most bytes of a frame around an answer.
pub const ANSWER_FRAME_BYTES: usize = frame::encoded_bytes(ANSWER_BYTES);
