//! `&[T]`, `&mut [T]` and `&str` with a promised layout.
//!
//! *Not here.* Which `T` may cross: `interface!` requires it where the argument is declared.

use core::marker::PhantomData;

/// `&[T]`: pointer, then length in elements.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RawSlice<'a, T> {
    ptr: *const T,
    len: usize,
    borrow: PhantomData<&'a [T]>,
}

impl<'a, T> RawSlice<'a, T> {
    /// Lowers a slice.
    #[inline(always)]
    pub const fn new(slice: &'a [T]) -> Self {
        Self { ptr: slice.as_ptr(), len: slice.len(), borrow: PhantomData }
    }

    /// The slice again.
    #[inline(always)]
    pub const fn get(self) -> &'a [T] {
        // SAFETY: both came from a `&'a [T]` in `new`, the only way to make one (private fields).
        unsafe { core::slice::from_raw_parts(self.ptr, self.len) }
    }
}

/// `&mut [T]`: pointer, then length in elements.
#[repr(C)]
#[derive(Debug)]
pub struct RawSliceMut<'a, T> {
    ptr: *mut T,
    len: usize,
    borrow: PhantomData<&'a mut [T]>,
}

impl<'a, T> RawSliceMut<'a, T> {
    /// Lowers a slice.
    #[inline(always)]
    pub const fn new(slice: &'a mut [T]) -> Self {
        Self { ptr: slice.as_mut_ptr(), len: slice.len(), borrow: PhantomData }
    }

    /// The slice again, to be read, for as long as this value is borrowed.
    #[inline(always)]
    pub const fn get(&self) -> &[T] {
        // SAFETY: both came from a `&'a mut [T]` in `new`; `self` is borrowed for the result, so nobody writes to it.
        unsafe { core::slice::from_raw_parts(self.ptr, self.len) }
    }

    /// The slice again, for as long as this value is borrowed.
    #[inline(always)]
    pub const fn get_mut(&mut self) -> &mut [T] {
        // SAFETY: both came from a `&'a mut [T]` in `new`; `self` is not `Copy` and is borrowed for the result.
        unsafe { core::slice::from_raw_parts_mut(self.ptr, self.len) }
    }
}

/// `&str`: pointer, then length in bytes.
#[repr(transparent)]
#[derive(Clone, Copy, Debug)]
pub struct RawStr<'a>(RawSlice<'a, u8>);

impl<'a> RawStr<'a> {
    /// Lowers a string.
    #[inline(always)]
    pub const fn new(text: &'a str) -> Self {
        Self(RawSlice::new(text.as_bytes()))
    }

    /// The string again.
    #[inline(always)]
    pub const fn get(self) -> &'a str {
        let bytes = self.0.get();
        // SAFETY: the bytes came from a `&'a str` in `new`, the only way to make one (private field).
        unsafe { core::str::from_utf8_unchecked(bytes) }
    }
}

const _: () = assert!(core::mem::offset_of!(RawSlice<'static, u8>, len) == core::mem::size_of::<usize>());
const _: () = assert!(core::mem::size_of::<RawStr<'static>>() == 2 * core::mem::size_of::<usize>());

#[cfg(test)]
mod tests {
    use super::{RawSlice, RawSliceMut, RawStr};

    #[test]
    fn what_was_lowered_comes_back() {
        assert_eq!(RawStr::new("ada").get(), "ada");
        assert_eq!(RawSlice::new(&[1u16, 2]).get(), [1, 2]);
        assert_eq!(RawSlice::<u64>::new(&[]).get(), []);
    }

    #[test]
    fn a_write_through_a_lowered_mutable_slice_reaches_the_caller() {
        let mut samples = [0u64; 3];
        let mut lowered = RawSliceMut::new(&mut samples);
        lowered.get_mut()[1] = 7;
        assert_eq!(lowered.get(), [0, 7, 0]);
        assert_eq!(samples, [0, 7, 0]);
    }
}
