//! Attributes that speak to the linker.
#![no_std]

#[no_mangle]
pub extern "C" fn memset() {}

#[cfg_attr(target_os = "none", export_name = "memcpy")]
pub extern "C" fn copy() {}

#[link_section = ".text.start"]
pub static BYTES: [u8; 1] = [0xf4];

macro_rules! attribute {
    ($name:ident) => {
        #[$name]
        static ALLOCATOR: u8 = 0;
    };
}
attribute!(global_allocator);

#[link(name = "c")]
pub mod library {}
