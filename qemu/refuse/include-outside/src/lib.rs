//! Text from elsewhere.
#![no_std]

use core::include_str as text;

include!("../../../../src/main.rs");

pub const CONCATENATED: &str = include_str!(concat!("/etc/", "passwd"));
pub const ABSOLUTE: &[u8] = include_bytes!("/etc/passwd");
pub const RENAMED: &str = text!("/etc/passwd");
pub const ESCAPED: &str = include_str!("\x2e\x2e/\x2e\x2e/Cargo.toml");

macro_rules! call {
    ($name:ident, $path:literal) => {
        $name!($path)
    };
}
pub const CALLED: &str = call!(include_str, "/etc/passwd");
