//! The word itself: in code, macro input, attributes, declarations.
#![no_std]

macro_rules! ignore {
    ($($tokens:tt)*) => {};
}

pub fn read(address: usize) -> u8 {
    unsafe { *(address as *const u8) }
}

ignore!(a b (c [unsafe]));

#[unsafe(no_mangle)]
pub fn write() {}

pub trait Plain {
    const HELD: u8;
}

unsafe impl Sync for Nothing {}
pub struct Nothing;

macro_rules! hidden {
    ($keyword:tt) => { $keyword { core::hint::unreachable_unchecked() } };
}
pub fn never() {
    hidden!(unsafe)
}
pub fn raw() {
    let r#unsafe = 1;
}
