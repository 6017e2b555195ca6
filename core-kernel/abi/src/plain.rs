//! What may cross a domain boundary by value or behind a reference.
//!
//! *Concepts.* Plain data: no reference, pointer, function, cell or `usize`, so that a value means the same to
//! both sides, on every target, after either of them is gone. `derive(AbiPlain)` and `derive(AbiBits)` check
//! that for structs and enums.
#![allow(unsafe_code, reason = "each implementation is a promise about layout; see docs/adr")]

use crate::schema::Schema;
use crate::{Fingerprint, Status};

/// Plain data: may cross by value, as `&T` and as `&[T]`.
///
/// # Safety
/// The type is `repr(C)`, `repr(transparent)` or a `repr(u8..i64)` enum without data; it has no padding; and it
/// holds, at any depth, no reference, pointer, function, cell, `usize` or `isize`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot cross a domain boundary",
    label = "not plain data",
    note = "integers of a fixed size, floats, `bool`, `char`, arrays of them and types with `#[repr(C)] #[derive(AbiPlain)]` can",
    note = "references, pointers, functions, cells and generic types cannot; for `usize` write `u64`"
)]
pub unsafe trait AbiPlain: Copy + 'static {
    /// The shape of the type, for schema texts.
    const SCHEMA: &'static Schema;

    /// The value again; what `interface!` takes values out of frames with.
    #[doc(hidden)]
    #[inline(always)]
    fn copied(&self) -> Self {
        *self
    }
}

/// Plain data of which every bit pattern is a value: may cross as `&mut T` and `&mut [T]` too.
///
/// A handler can be killed between any two of its writes; what it leaves behind must still be a value.
///
/// # Safety
/// Every bit pattern of the type's size is a valid value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot cross a domain boundary behind `&mut`",
    label = "not every bit pattern is known to be a value",
    note = "a handler killed between two writes could leave an invalid value behind",
    note = "for a `bool`, `char` or enum write an integer; for a struct of integers and floats `#[derive(AbiPlain, AbiBits)]`"
)]
pub unsafe trait AbiBits: AbiPlain {}

macro_rules! primitives {
    ($($primitive:ident),*) => {$(
        // SAFETY: a primitive of one size everywhere, without padding.
        unsafe impl AbiPlain for $primitive {
            const SCHEMA: &'static Schema = &Schema::Primitive(stringify!($primitive));
        }
    )*};
}
primitives!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128, f32, f64, bool, char);

macro_rules! every_pattern_is_a_value {
    ($($primitive:ident),*) => {$(
        // SAFETY: an integer or a float: every bit pattern is a value.
        unsafe impl AbiBits for $primitive {}
    )*};
}
every_pattern_is_a_value!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128, f32, f64);

// SAFETY: elements without padding lie next to each other.
unsafe impl<T: AbiPlain, const N: usize> AbiPlain for [T; N] {
    const SCHEMA: &'static Schema = &Schema::Array { element: T::SCHEMA, length: N };
}

// SAFETY: every bit pattern of every element is a value.
unsafe impl<T: AbiBits, const N: usize> AbiBits for [T; N] {}

// SAFETY: `repr(transparent)` over a `u32`.
unsafe impl AbiPlain for Status {
    const SCHEMA: &'static Schema = &Schema::Struct { name: "Status", fields: &[("code", u32::SCHEMA)] };
}

// SAFETY: every code is a status.
unsafe impl AbiBits for Status {}

// SAFETY: `repr(transparent)` over 16 bytes.
unsafe impl AbiPlain for Fingerprint {
    const SCHEMA: &'static Schema =
        &Schema::Struct { name: "Fingerprint", fields: &[("0", <[u8; Fingerprint::BYTES]>::SCHEMA)] };
}

// SAFETY: every 16 bytes are a fingerprint.
unsafe impl AbiBits for Fingerprint {}

/// Compiles only if `bytes` is the sum of the fields' sizes; `derive(AbiPlain)` calls it at the author's token.
#[doc(hidden)]
#[track_caller]
pub const fn check_no_padding(bytes: usize, fields: &[usize], advice: &'static str) {
    let (mut sum, mut at) = (0, 0);
    while at < fields.len() {
        sum += fields[at];
        at += 1;
    }
    if sum != bytes {
        panic!("{}", advice);
    }
}

/// Compiles only if `T` is [`AbiBits`]; the macros call it at the author's token.
#[doc(hidden)]
pub const fn check_bits<T: AbiBits>() {}
