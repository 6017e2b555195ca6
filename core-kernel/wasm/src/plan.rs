//! Plans: a frame's layout worked out once, so that moving a frame computes no offset twice.

use alloc::boxed::Box;

use spindle_abi::FrameLayout;
use spindle_abi::frame::{Field, Offsets};

/// Where the fields of a frame lie on both sides.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) arguments: Box<[Slot]>,
    pub(crate) result: Option<Slot>,
    pub(crate) native_bytes: usize,
    pub(crate) guest_bytes: usize,
}

/// Where one field lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) field: Field,
    /// Offset in a native frame.
    pub(crate) native: usize,
    /// Offset in the module's memory.
    pub(crate) guest: usize,
    /// Whether every bit pattern is a value.
    accepts_all: bool,
}

impl Plan {
    /// The plan of `layout`.
    pub(crate) fn new(layout: &FrameLayout) -> Self {
        let (native, guest) = (layout.native(), layout.guest());
        let slot = |(index, field): (usize, &Field)| Slot::new(*field, index, &native, &guest);
        Self {
            arguments: layout.arguments.iter().enumerate().map(slot).collect(),
            result: layout.result.as_ref().map(|result| slot((layout.arguments.len(), result))),
            native_bytes: native.size(),
            guest_bytes: guest.size(),
        }
    }

    /// Whether there is nothing to move.
    pub(crate) fn is_empty(&self) -> bool {
        self.arguments.is_empty() && self.result.is_none()
    }
}

impl Slot {
    fn new(field: Field, index: usize, native: &Offsets, guest: &Offsets) -> Self {
        let accepts_all = field.schema.accepts_all();
        Self { field, native: native.of(index), guest: guest.of(index), accepts_all }
    }

    /// Whether `bytes` are a value, or that many values one after the other.
    pub(crate) fn accepts(&self, bytes: &[u8]) -> bool {
        let Field { schema, size, .. } = self.field;
        self.accepts_all || size == 0 || bytes.chunks(size).all(|value| schema.accepts(value))
    }
}

/// The next multiple of `align`, which is a power of two.
pub(crate) const fn align_up(offset: usize, align: usize) -> usize {
    (offset + align - 1) & !(align - 1)
}
