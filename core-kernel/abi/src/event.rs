//! Events as the dispatcher and the handlers see them.

use crate::{Declaration, FrameLayout, Key, KeyField};

/// An event: what a raise carries, and which of it selects handlers. Made by `interface!`.
///
/// # Safety
/// [`Self::DECLARATION`] belongs to this event alone, so that equal fingerprints mean one [`Self::Frame`]
/// (`INV-ABI-3`): whoever raises an event passes a pointer to a frame, and a handler built elsewhere reads it. If
/// [`Self::FRAME`] is given, [`Self::Frame`] lies in memory as it says. If [`Self::QUEUEABLE`], a frame is plain data: it may be
/// copied byte by byte, and the copy outlives the raise. A word that [`Self::key`] returns stays as it is while handlers have the frame by
/// `&mut`: it is not the frame's own memory, nor owned by it, but what a reference in it refers to.
#[allow(unsafe_code, reason = "the promise that ties a fingerprint to a frame layout")]
pub unsafe trait EventSpec: 'static {
    /// Name, schema and fingerprint.
    const DECLARATION: &'static Declaration;

    /// The arguments marked `#[key]`, in order; at most [`KeyField::MAX_PER_EVENT`].
    const KEYS: &'static [KeyField];

    /// Where the fields of [`Self::Frame`] lie; `None` if only native handlers, who know the type, can take it.
    const FRAME: Option<&'static FrameLayout> = None;

    /// Whether a raise answers something: then somebody must handle it.
    const RETURNS: bool = false;

    /// Whether a raise ends at the first handler whose result [is one](Self::is_handled).
    const CHAINED: bool = false;

    /// Whether it is raised in interrupt context: then only the kernel's handlers run in the raise itself.
    const INTERRUPT: bool = false;

    /// Whether a raise may be delivered later: what [`FrameLayout::is_queueable`] says of [`Self::FRAME`].
    const QUEUEABLE: bool = false;

    /// The arguments as they lie in memory during a raise, then the result. `repr(C)`.
    type Frame<'a>;

    /// What a handler answers; `()` if nothing.
    type Result: Copy + Send + Sync + 'static;

    /// The place of the result in a frame. The raiser puts there what a raise that nobody answers ends with.
    fn result<'a>(frame: &'a mut Self::Frame<'_>) -> &'a mut Self::Result;

    /// Whether `result` ends a chained raise; a handler answers another one to pass the raise on.
    fn is_handled(_result: &Self::Result) -> bool {
        true
    }

    /// Reads key `field` (an index into [`Self::KEYS`]) of a frame. Constant time; an index beyond the end
    /// reads the last one.
    fn key<'a>(frame: &'a Self::Frame<'_>, field: usize) -> Key<'a>;
}
