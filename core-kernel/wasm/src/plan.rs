//! Plans: a frame's layout worked out once, so that moving a frame computes no offset twice.

use alloc::boxed::Box;

use spindle_abi::FrameLayout;
use spindle_abi::frame::{Field, Offsets};

use crate::row::Row;

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

    /// The plan of a `Fold` of results of this kind: previous, next, and where their successor goes. Plain data has one
    /// layout everywhere, and a size that is a multiple of its alignment.
    pub(crate) fn fold(result: Field) -> Self {
        let slot = |index| Slot::plain(result, index * result.size);
        let bytes = 3 * result.size;
        Self {
            arguments: [0, 1].map(slot).into(),
            result: Some(slot(2)),
            native_bytes: bytes,
            guest_bytes: bytes,
        }
    }

    /// What activations of `row` are entered with.
    pub(crate) fn of(row: Row) -> Self {
        match row {
            Row::Handler(layout) | Row::Guard(layout) => Self::new(layout),
            Row::Fold(result) => Self::fold(result),
        }
    }

    /// Whether there is nothing to move.
    pub(crate) fn is_empty(&self) -> bool {
        self.arguments.is_empty() && self.result.is_none()
    }
}

impl Slot {
    fn new(field: Field, index: usize, native: &Offsets, guest: &Offsets) -> Self {
        Self { guest: guest.of(index), ..Self::plain(field, native.of(index)) }
    }

    /// A field that lies at the same offset on both sides.
    fn plain(field: Field, offset: usize) -> Self {
        Self { field, native: offset, guest: offset, accepts_all: field.schema.accepts_all() }
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
