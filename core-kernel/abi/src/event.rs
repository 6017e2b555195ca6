//! Events as the dispatcher and the handlers see them.

use crate::{Declaration, FrameLayout, Key, KeyField};

/// An event: what a raise carries, and which of it selects handlers. Made by `interface!`.
///
/// # Safety
/// [`Self::DECLARATION`] belongs to this event alone, so that equal fingerprints mean one [`Self::Frame`]
/// (`INV-ABI-3`): whoever raises an event passes a pointer to a frame, and a handler built elsewhere reads it. If
/// [`Self::FRAME`] is given, [`Self::Frame`] lies in memory as it says.
#[allow(unsafe_code, reason = "the promise that ties a fingerprint to a frame layout")]
pub unsafe trait EventSpec: 'static {
    /// Name, schema and fingerprint.
    const DECLARATION: &'static Declaration;

    /// The arguments marked `#[key]`, in order; at most [`KeyField::MAX_PER_EVENT`].
    const KEYS: &'static [KeyField];

    /// Where the fields of [`Self::Frame`] lie; `None` if only native handlers, who know the type, can take it.
    const FRAME: Option<&'static FrameLayout> = None;

    /// The arguments as they lie in memory during a raise, then the result. `repr(C)`.
    type Frame<'a>;

    /// Reads key `field` (an index into [`Self::KEYS`]) of a frame. Constant time; an index beyond the end
    /// reads the last one.
    fn key<'a>(frame: &'a Self::Frame<'_>, field: usize) -> Key<'a>;
}
