//! Lowering: an event's frame into the module's window, and what the handler wrote back out of it.
//!
//! ```text
//! window  | in use by outer activations | frame | what argument 1 refers to | argument 2 | ... free
//!                                       ^ 16    ^ each at its own alignment
//! ```

use core::ops::Range;

use spindle_abi::frame::{GUEST_ADDRESS_BYTES, Shape};
use spindle_abi::guest::WINDOW_ALIGN;

use crate::error::Fault;
use crate::native::Frame;
use crate::plan::{Plan, Slot, align_up};

/// Where a frame was put.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lowered {
    /// Its offset in the window.
    pub(crate) frame: usize,
    /// Where the window is free again.
    pub(crate) top: usize,
}

/// Puts `frame` into `window`, which lies at `address` and is in use up to `base`.
///
/// # Errors
/// [`Fault::WindowFull`].
pub(crate) fn lower(
    frame: &Frame<'_>,
    window: &mut [u8],
    address: u32,
    base: usize,
) -> Result<Lowered, Fault> {
    let plan = frame.plan();
    let start = align_up(base, WINDOW_ALIGN);
    let mut top = start + plan.guest_bytes;
    fits(window, top)?;
    for slot in &plan.arguments {
        let field = start + slot.guest;
        if slot.field.shape == Shape::Value {
            put(window, field, frame.value(slot));
            continue;
        }
        let bytes = frame.referent(slot);
        let place = place(&mut top, slot, bytes.len());
        fits(window, top)?;
        put(window, field, &(address + place.start as u32).to_le_bytes());
        put(window, place.start, bytes);
        if slot.field.shape.has_length() {
            let elements = u32::try_from(frame.elements(slot));
            let elements = elements.map_err(|_| Fault::WindowFull { wanted_bytes: usize::MAX })?;
            put(window, field + GUEST_ADDRESS_BYTES, &elements.to_le_bytes());
        }
    }
    if let Some(result) = &plan.result {
        put(window, start + result.guest, frame.value(result));
    }
    Ok(Lowered { frame: start, top })
}

/// Takes the result and what `&mut` arguments refer to out of `window` again.
///
/// # Errors
/// [`Fault::BadResult`]; then nothing of the frame was changed.
pub(crate) fn take_back(frame: &mut Frame<'_>, window: &[u8], lowered: Lowered) -> Result<(), Fault> {
    let plan: &Plan = frame.plan();
    if let Some(result) = &plan.result {
        let bytes = &window[lowered.frame + result.guest..][..result.field.size];
        if !result.accepts(bytes) {
            return Err(Fault::BadResult);
        }
        frame.value_mut(result).copy_from_slice(bytes);
    }
    let mut top = lowered.frame + plan.guest_bytes;
    for slot in plan.arguments.iter().filter(|slot| slot.field.shape != Shape::Value) {
        let place = place(&mut top, slot, frame.referent(slot).len());
        if slot.field.shape.is_mutable() {
            frame.referent_mut(slot).copy_from_slice(&window[place]);
        }
    }
    Ok(())
}

/// Where the next `bytes` go.
fn place(top: &mut usize, slot: &Slot, bytes: usize) -> Range<usize> {
    let start = align_up(*top, slot.field.align);
    *top = start.saturating_add(bytes);
    start..*top
}

pub(crate) fn fits(window: &[u8], top: usize) -> Result<(), Fault> {
    if top > window.len() { Err(Fault::WindowFull { wanted_bytes: top }) } else { Ok(()) }
}

pub(crate) fn put(window: &mut [u8], at: usize, bytes: &[u8]) {
    window[at..at + bytes.len()].copy_from_slice(bytes);
}
