//! Lifting: the frame of an import's call out of the module's memory, checked, and what the procedure wrote back.
//!
//! ```text
//! scratch  | native frame | the module's frame as it was | what argument 1 refers to | argument 2 | ...
//!            with addresses of ─────────────────────────── ^ each at its own alignment
//! ```
//! The module's frame is read once (INV-WASM-3): where `&mut` arguments go back to is taken from the copy.

use core::ops::Range;

use spindle_abi::frame::{GUEST_ADDRESS_BYTES, Shape};
use spindle_abi::guest::WINDOW_BYTES;

use crate::error::{Argument, Wrong};
use crate::native::{SCRATCH_ALIGN, Scratch};
use crate::plan::{Plan, Slot, align_up};

/// What is wrong with which argument.
pub(crate) type Complaint = (Argument, Wrong);

/// A frame out of the module's memory.
pub(crate) struct Lifted<'a> {
    plan: &'a Plan,
    scratch: Scratch,
    /// Where the frame lies in the module's memory.
    address: usize,
}

/// What one argument refers to, as the module's frame says; not yet checked.
struct Referent {
    address: u32,
    elements: u32,
    bytes: u64,
    /// Where it goes, or went, in the scratch.
    scratch: usize,
}

/// Copies the frame at `address` of `memory`, and what it refers to.
///
/// # Errors
/// The first argument that is none.
pub(crate) fn lift<'a>(plan: &'a Plan, memory: &[u8], address: u32) -> Result<Lifted<'a>, Complaint> {
    let place = check(memory, address, plan.guest_bytes as u64).map_err(|wrong| (Argument::Frame, wrong))?;
    let frame = &memory[place.clone()];
    let mut scratch = Scratch::new(measure(plan, memory, frame)?);
    let bytes = scratch.bytes();
    bytes[frame_copy(plan)].copy_from_slice(frame);
    let mut top = frame_copy(plan).end;
    for (number, slot) in plan.arguments.iter().enumerate() {
        let value = copy(slot, memory, frame, bytes, &mut top);
        is_value(slot, value).map_err(|wrong| (Argument::Number(number), wrong))?;
    }
    Ok(Lifted { plan, scratch, address: place.start })
}

impl Lifted<'_> {
    /// How many bytes were copied.
    pub(crate) fn bytes(&self) -> usize {
        self.scratch.len()
    }

    /// Completes the native frame with the addresses of what it refers to, and gives it to `call`.
    pub(crate) fn call(&mut self, call: impl FnOnce(*mut ())) {
        let mut top = frame_copy(self.plan).end;
        for slot in references(self.plan) {
            let referent = Referent::read(slot, &self.scratch.bytes()[frame_copy(self.plan)], &mut top);
            let elements = slot.field.shape.has_length().then_some(referent.elements as usize);
            self.scratch.link(slot.native, referent.scratch, elements);
        }
        call(self.scratch.frame());
    }

    /// Puts the result and what `&mut` arguments refer to into `memory`, which is no smaller than it was.
    pub(crate) fn write_back(&mut self, memory: &mut [u8]) {
        let bytes = self.scratch.bytes();
        if let Some(result) = &self.plan.result {
            let place = self.address + result.guest;
            memory[place..][..result.field.size]
                .copy_from_slice(&bytes[result.native..][..result.field.size]);
        }
        let mut top = frame_copy(self.plan).end;
        for slot in references(self.plan) {
            let referent = Referent::read(slot, &bytes[frame_copy(self.plan)], &mut top);
            if slot.field.shape.is_mutable() {
                let written = &bytes[referent.scratch..top];
                memory[referent.address as usize..][..written.len()].copy_from_slice(written);
            }
        }
    }
}

impl Referent {
    /// Reads what `slot` says in the module's `frame`, and takes a place for it at the scratch's `top`.
    fn read(slot: &Slot, frame: &[u8], top: &mut usize) -> Self {
        let address = word(frame, slot.guest);
        let has_length = slot.field.shape.has_length();
        let elements = if has_length { word(frame, slot.guest + GUEST_ADDRESS_BYTES) } else { 1 };
        let bytes = u64::from(elements).saturating_mul(slot.field.size as u64);
        let scratch = align_up(*top, slot.field.align);
        *top = scratch.saturating_add(bytes as usize);
        Self { address, elements, bytes, scratch }
    }
}

/// Checks that everything lies in the memory and is not too much; says how large the scratch must be.
fn measure(plan: &Plan, memory: &[u8], frame: &[u8]) -> Result<usize, Complaint> {
    let mut top = frame_copy(plan).end;
    let limit = top + WINDOW_BYTES;
    for (number, slot) in plan.arguments.iter().enumerate().filter(|(_, slot)| is_reference(slot)) {
        let referent = Referent::read(slot, frame, &mut top);
        let checked = check(memory, referent.address, referent.bytes);
        let checked = checked.and(if top > limit { Err(Wrong::TooLarge) } else { Ok(0..0) });
        checked.map_err(|wrong| (Argument::Number(number), wrong))?;
    }
    Ok(top)
}

/// Copies the value of an argument, or what it refers to; returns the copy.
fn copy<'a>(slot: &Slot, memory: &[u8], frame: &[u8], scratch: &'a mut [u8], top: &mut usize) -> &'a [u8] {
    let (from, into) = if is_reference(slot) {
        let referent = Referent::read(slot, frame, top);
        (&memory[referent.address as usize..][..referent.bytes as usize], referent.scratch)
    } else {
        (&frame[slot.guest..][..slot.field.size], slot.native)
    };
    let into = &mut scratch[into..][..from.len()];
    into.copy_from_slice(from);
    into
}

fn is_value(slot: &Slot, bytes: &[u8]) -> Result<(), Wrong> {
    match slot.field.shape {
        Shape::Str if core::str::from_utf8(bytes).is_err() => Err(Wrong::NotUtf8),
        _ if slot.accepts(bytes) => Ok(()),
        _ => Err(Wrong::NotAValue),
    }
}

/// Where the copy of the module's frame lies in the scratch.
fn frame_copy(plan: &Plan) -> Range<usize> {
    let start = align_up(plan.native_bytes, SCRATCH_ALIGN);
    start..start + plan.guest_bytes
}

fn references(plan: &Plan) -> impl Iterator<Item = &Slot> {
    plan.arguments.iter().filter(|slot| is_reference(slot))
}

fn is_reference(slot: &Slot) -> bool {
    slot.field.shape != Shape::Value
}

/// Where `bytes` bytes at `address` lie, if they lie in `memory`.
fn check(memory: &[u8], address: u32, bytes: u64) -> Result<Range<usize>, Wrong> {
    let end = u64::from(address).saturating_add(bytes);
    if end > memory.len() as u64 {
        return Err(Wrong::OutOfBounds { address, bytes });
    }
    Ok(address as usize..end as usize)
}

/// The four bytes at `offset` as an integer.
fn word(frame: &[u8], offset: usize) -> u32 {
    let bytes = frame[offset..].first_chunk().expect("the frame has the plan's size");
    u32::from_le_bytes(*bytes)
}
