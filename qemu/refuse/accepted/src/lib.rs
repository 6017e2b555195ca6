//! Looks like what is refused, and is not: unsafe, asm!, #![feature(x)].
#![no_std]

extern crate alloc;

#[doc = include_str!("../README.md")]
#[cfg_attr(feature = "unsafe", doc = "unsafe { asm!() }")]
pub struct Words<'a> {
    /// Not the word `unsafe`, but part of another.
    pub unsafety: &'a str,
}

/// A string, a raw string and a comment, none of which is code. /* unsafe */
pub const TEXT: [&str; 2] = ["unsafe { }", r#"extern "C" { fn f(); }"#];

/// Safe: a procedure with the calling convention of C.
pub extern "C" fn start(link: u32, path: u32) -> u32 {
    link + path
}

mod inner {
    #[path = "other.rs"]
    mod deeper;
}
