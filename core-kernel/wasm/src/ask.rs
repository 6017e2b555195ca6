//! Asking a guard: the frame of its event goes into the module's window, and beside it the call that the guard answers.
//!
//! ```text
//! window  | in use by outer activations | frame and what it refers to | GuardCall { frame, holds } | ... free
//!                                         ^───────────────────────────── address
//! ```
//! Nothing of the frame comes back: a guard that writes to it writes to a copy that nobody reads again.

use spindle_abi::frame::GUEST_ADDRESS_BYTES;

use crate::error::Fault;
use crate::lower::{Lowered, fits, put};
use crate::plan::align_up;

/// Bytes of the verdict.
const VERDICT_BYTES: usize = size_of::<u32>();
/// Bytes of a `GuardCall` as wasm32 lays it out.
const CALL_BYTES: usize = GUEST_ADDRESS_BYTES + VERDICT_BYTES;

/// Where a question was put.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// The call's offset in the window.
    pub(crate) call: usize,
    /// Where the window is free again.
    pub(crate) top: usize,
}

/// Puts the call about a lowered frame into `window`, which lies at `address`. The verdict begins as no.
///
/// # Errors
/// [`Fault::WindowFull`].
pub(crate) fn ask(window: &mut [u8], address: u32, lowered: Lowered) -> Result<Asked, Fault> {
    let call = align_up(lowered.top, GUEST_ADDRESS_BYTES);
    let top = call + CALL_BYTES;
    fits(window, top)?;
    put(window, call, &(address + lowered.frame as u32).to_le_bytes());
    put(window, call + GUEST_ADDRESS_BYTES, &0_u32.to_le_bytes());
    Ok(Asked { call, top })
}

impl Asked {
    /// What the guard said: anything but 0 means that it holds.
    pub(crate) fn holds(self, window: &[u8]) -> bool {
        window[self.call + GUEST_ADDRESS_BYTES..][..VERDICT_BYTES].iter().any(|&byte| byte != 0)
    }
}
