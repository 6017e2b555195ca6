//! Frame layouts: where each argument and the result lie in a frame, natively and in a Wasm module's memory.
//!
//! *Concepts.* A *frame* is the record that carries the arguments of one raise or call, then its result. Natively it
//! is a `repr(C)` struct; in the memory of a Wasm module it is the same struct as wasm32 lays it out: addresses and
//! lengths have 4 bytes. Plain data has one layout everywhere (no padding, no addresses), so only those differ.
//!
//! ```text
//! argument              native                    wasm32
//! T                     the value, aligned        the value, aligned
//! &T, &mut T            address (8)               address (4)
//! &str, &[T], &mut [T]  address (8), length (8)   address (4), length (4)      length in elements
//! ```
//!
//! *Interface.* `interface!` makes a [`FrameLayout`] constant for each event and procedure, and asserts beside it that
//! the compiler agrees ([`FrameLayout::check`]); [`FrameLayout::guest`] and [`FrameLayout::native`] say where the fields
//! lie. A [`FramedFn`] is a procedure that takes its arguments out of such a frame.
//!
//! *Not here.* Moving values from one to the other (`spindle-wasm`).

use crate::AbiPlain;
use crate::schema::Schema;

/// A procedure that takes its arguments out of a native frame and writes its result into it.
///
/// It does not check how much stack is left, as the entries that extensions call do: its caller has done so.
///
/// # Safety
/// `frame` points to a native frame of the procedure: laid out as its [`FrameLayout::native`] says, every argument a
/// value of its type, every reference in it valid and, if it is mutable, used by nobody else. All of it stays so until
/// the procedure returns. The result may be uninitialised before.
pub type FramedFn = unsafe extern "C" fn(frame: *mut ());

/// How an argument crosses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// `T`
    Value,
    /// `&T`
    Ref,
    /// `&mut T`
    RefMut,
    /// `&[T]`
    Slice,
    /// `&mut [T]`
    SliceMut,
    /// `&str`
    Str,
}

impl Shape {
    /// Whether the callee may write through it.
    pub const fn is_mutable(self) -> bool {
        matches!(self, Self::RefMut | Self::SliceMut)
    }

    /// Whether a length follows the address.
    pub const fn has_length(self) -> bool {
        matches!(self, Self::Slice | Self::SliceMut | Self::Str)
    }
}

/// One argument, or the result.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// How it crosses.
    pub shape: Shape,
    /// What `T` is; `u8` for [`Shape::Str`].
    pub schema: &'static Schema,
    /// Bytes of one `T`.
    pub size: usize,
    /// Alignment of `T`, the same on every target.
    pub align: usize,
}

impl Field {
    /// The field of shape `shape` with element type `T`.
    pub const fn of<T: AbiPlain>(shape: Shape) -> Self {
        const { assert!(size_of::<T>() == T::SCHEMA.size(), "plain data has no padding") };
        Self::new(shape, T::SCHEMA, align_of::<T>())
    }

    /// The field of shape `shape` whose element type has this schema and alignment.
    pub const fn new(shape: Shape, schema: &'static Schema, align: usize) -> Self {
        Self { shape, schema, size: schema.size(), align }
    }

    /// A `&str`.
    pub const fn text() -> Self {
        Self::of::<u8>(Shape::Str)
    }

    /// Bytes and alignment that it takes in a frame whose addresses have `address` bytes.
    const fn extent(&self, address: usize) -> (usize, usize) {
        match self.shape {
            Shape::Value => (self.size, self.align),
            Shape::Ref | Shape::RefMut => (address, address),
            Shape::Slice | Shape::SliceMut | Shape::Str => (2 * address, address),
        }
    }
}

/// The fields of a frame in order.
#[derive(Clone, Copy, Debug)]
pub struct FrameLayout {
    /// The arguments.
    pub arguments: &'static [Field],
    /// The result, a [`Shape::Value`]; it lies after the arguments.
    pub result: Option<Field>,
}

/// Bytes of an address in a native frame.
pub const NATIVE_ADDRESS_BYTES: usize = 8;
/// Bytes of an address in the memory of a Wasm module.
pub const GUEST_ADDRESS_BYTES: usize = 4;

impl FrameLayout {
    /// Where the fields lie in a native frame, as `repr(C)` puts them there.
    pub const fn native(&self) -> Offsets {
        Offsets::new(*self, NATIVE_ADDRESS_BYTES)
    }

    /// Where the fields lie in the memory of a Wasm module.
    pub const fn guest(&self) -> Offsets {
        Offsets::new(*self, GUEST_ADDRESS_BYTES)
    }

    /// Where the fields lie in a frame of the target that this is compiled for.
    const fn here(&self) -> Offsets {
        Offsets::new(*self, size_of::<usize>())
    }

    /// Whether a frame means the same later and elsewhere, byte by byte: there is no result, every argument is passed by
    /// value, and no byte lies between or behind them. Wide arguments before narrow ones leave no gaps.
    pub const fn is_queueable(&self) -> bool {
        let (mut at, mut bytes) = (0, 0);
        while at < self.arguments.len() {
            if !matches!(self.arguments[at].shape, Shape::Value) {
                return false;
            }
            bytes += self.arguments[at].size;
            at += 1;
        }
        self.result.is_none() && bytes == self.native().size()
    }

    /// Asserts that the compiler lays out `Frame` as this says; `fields` are the offsets of the arguments in order, then
    /// of the result. For constants.
    ///
    /// # Panics
    /// If it does not.
    pub const fn check<Frame>(&self, fields: &[usize]) {
        let offsets = self.here();
        let mut at = 0;
        while at < fields.len() {
            assert!(fields[at] == offsets.of(at), "a field lies elsewhere in the frame");
            at += 1;
        }
        assert!(size_of::<Frame>() == offsets.size(), "the frame has another size");
        assert!(align_of::<Frame>() == offsets.align(), "the frame has another alignment");
    }
}

/// Walks a layout: the offset of each argument in order, of the result, and the size of it all.
#[derive(Clone, Copy, Debug)]
pub struct Offsets {
    layout: FrameLayout,
    address: usize,
}

impl Offsets {
    const fn new(layout: FrameLayout, address: usize) -> Self {
        Self { layout, address }
    }

    /// Offset of argument `index`; for the index after the last one, of the result.
    pub const fn of(&self, index: usize) -> usize {
        let (mut at, mut offset) = (0, 0);
        loop {
            let field = self.field(at);
            let (size, align) = match field {
                Some(field) => field.extent(self.address),
                None => (0, 1),
            };
            offset = align_up(offset, align);
            if at == index {
                return offset;
            }
            offset += size;
            at += 1;
        }
    }

    /// Offset of the result; of the end of the arguments if there is none.
    pub const fn result(&self) -> usize {
        self.of(self.layout.arguments.len())
    }

    /// Bytes of the whole frame, a multiple of [`Offsets::align`]; 0 for a frame without fields.
    pub const fn size(&self) -> usize {
        let end = match self.layout.result {
            Some(result) => self.result() + result.extent(self.address).0,
            None => self.of(self.layout.arguments.len()),
        };
        align_up(end, self.align())
    }

    /// The largest alignment of a field; 1 for a frame without fields.
    pub const fn align(&self) -> usize {
        let (mut at, mut largest) = (0, 1);
        while let Some(field) = self.field(at) {
            let (_, align) = field.extent(self.address);
            largest = if align > largest { align } else { largest };
            at += 1;
        }
        largest
    }

    const fn field(&self, index: usize) -> Option<Field> {
        if index < self.layout.arguments.len() {
            Some(self.layout.arguments[index])
        } else if index == self.layout.arguments.len() {
            self.layout.result
        } else {
            None
        }
    }
}

const fn align_up(offset: usize, align: usize) -> usize {
    offset.div_ceil(align) * align
}

#[cfg(test)]
mod tests {
    use super::{Field, FrameLayout, Shape};
    use crate::Status;
    use crate::raw::{RawSliceMut, RawStr};
    use core::mem::offset_of;

    #[repr(C)]
    struct Native<'a> {
        small: u8,
        word: RawStr<'a>,
        wide: u128,
        one: &'a mut u64,
        fill: RawSliceMut<'a, u16>,
        result: Status,
    }

    const LAYOUT: FrameLayout = FrameLayout {
        arguments: &[
            Field::of::<u8>(Shape::Value),
            Field::text(),
            Field::of::<u128>(Shape::Value),
            Field::of::<u64>(Shape::RefMut),
            Field::of::<u16>(Shape::SliceMut),
        ],
        result: Some(Field::of::<Status>(Shape::Value)),
    };

    #[test]
    fn native_offsets_are_the_compilers() {
        let offsets = LAYOUT.native();
        let expected = [
            offset_of!(Native<'_>, small),
            offset_of!(Native<'_>, word),
            offset_of!(Native<'_>, wide),
            offset_of!(Native<'_>, one),
            offset_of!(Native<'_>, fill),
        ];
        assert_eq!([0, 1, 2, 3, 4].map(|index| offsets.of(index)), expected);
        assert_eq!(offsets.result(), offset_of!(Native<'_>, result));
        assert_eq!((offsets.size(), offsets.align()), (size_of::<Native<'_>>(), align_of::<Native<'_>>()));
    }

    #[test]
    fn guest_addresses_have_four_bytes() {
        let offsets = LAYOUT.guest();
        assert_eq!([0, 1, 2, 3, 4].map(|index| offsets.of(index)), [0, 4, 16, 32, 36]);
        assert_eq!((offsets.result(), offsets.size()), (44, 48));
    }

    #[test]
    fn values_that_leave_no_gap_can_be_queued() {
        const WIDE: Field = Field::of::<u64>(Shape::Value);
        const NARROW: Field = Field::of::<u32>(Shape::Value);
        const TEXT: Field = Field::text();
        let queueable = |arguments, result| FrameLayout { arguments, result }.is_queueable();
        assert!(
            queueable(&[], None) && queueable(&[WIDE, NARROW, NARROW], None) && queueable(&[NARROW], None)
        );
        assert!(!queueable(&[NARROW, WIDE], None) && !queueable(&[WIDE, NARROW], None), "there is a gap");
        assert!(!queueable(&[WIDE], Some(WIDE)), "who would get the result?");
        assert!(!queueable(&[TEXT], None), "what it refers to is gone by then");
    }

    #[test]
    fn a_frame_without_fields_has_no_bytes() {
        let empty = FrameLayout { arguments: &[], result: None };
        assert_eq!((empty.native().size(), empty.guest().size(), empty.guest().align()), (0, 0, 1));
    }
}
