//! Foreign declarations.
#![no_std]

extern "C" {
    fn memcpy(to: *mut u8, from: *const u8, bytes: usize) -> *mut u8;
}

mod quiet {
    extern {
        static spindle_kernel: u8;
    }
}
