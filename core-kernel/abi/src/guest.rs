//! What a Wasm extension is called by, and what it calls: names, sizes, and its descriptor.
//!
//! *Concepts.* A Wasm extension is one core module. It has the native ABI in the layout of wasm32: frames as
//! [`crate::frame`] says, function pointers as indices of its table, and the descriptor that native extensions have.
//!
//! ```text
//! exports  memory                         the linear memory
//!          __indirect_function_table      where the descriptor's indices point
//!          spindle_extension  (global)    address of the descriptor
//!          spindle_window     (global)    address of WINDOW_BYTES, where the kernel puts frames
//! imports  spindle  NAME  (i32) -> ()     procedure NAME; its argument is the address of a frame
//!
//! descriptor  u32 abi version | u32 rows | u32 start | u32 stop | u32 address of the rows' indices
//! start    (i32 out) -> i32               writes the closure at `out`; returns the code of a status
//! stop     (i32 closure)
//! row      (i32 closure, i32 argument)    a frame, or what else rows of its role are entered with (`crate::row`)
//! ```
//!
//! *Not here.* Who speaks all this (`spindle-wasm`); the names of procedures (`spindle-interfaces`).

use crate::ExtensionDescriptor;
use crate::descriptor::{DESCRIPTOR_SYMBOL, WINDOW_SYMBOL};

/// The export that is the linear memory.
pub const MEMORY: &str = "memory";
/// The export that is the table of functions.
pub const TABLE: &str = "__indirect_function_table";
/// The exported global that holds the address of the descriptor.
pub const DESCRIPTOR: &str = DESCRIPTOR_SYMBOL;
/// The exported global that holds the address of the window.
pub const WINDOW: &str = WINDOW_SYMBOL;
/// The module that all imports are of.
pub const IMPORT_MODULE: &str = "spindle";

/// Bytes of the window.
pub const WINDOW_BYTES: usize = 64 << 10;
/// Alignment of the window, as much as any plain data needs.
pub const WINDOW_ALIGN: usize = 16;

/// An [`ExtensionDescriptor`] as it lies in the memory of a module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Descriptor {
    /// [`ABI_VERSION`](crate::descriptor::ABI_VERSION) of the SDK that built the extension.
    pub abi_version: u32,
    /// How many rows there are.
    pub handler_count: u32,
    /// Index of the function that starts the extension.
    pub start: u32,
    /// Index of the function that stops it.
    pub stop: u32,
    /// Address of `handler_count` indices of rows, 4 bytes each.
    pub handlers: u32,
}

impl Descriptor {
    /// Bytes in memory, at a multiple of 4.
    pub const BYTES: usize = 20;

    /// Reads a descriptor.
    pub fn read(bytes: &[u8; Self::BYTES]) -> Self {
        let (words, _) = bytes.as_chunks::<4>();
        let word = |index: usize| u32::from_le_bytes(words[index]);
        Self {
            abi_version: word(0),
            handler_count: word(1),
            start: word(2),
            stop: word(3),
            handlers: word(4),
        }
    }
}

// What this page calls the descriptor is the one of `crate::descriptor`, compiled for wasm32.
const _: () =
    assert!(cfg!(not(target_arch = "wasm32")) || size_of::<ExtensionDescriptor>() == Descriptor::BYTES);

#[cfg(test)]
mod tests {
    use super::Descriptor;

    #[test]
    fn a_descriptor_is_five_little_endian_words() {
        let mut bytes = [0; Descriptor::BYTES];
        for word in 0..5 {
            bytes[4 * word] = word as u8 + 1;
        }
        let expected = Descriptor { abi_version: 1, handler_count: 2, start: 3, stop: 4, handlers: 5 };
        assert_eq!(Descriptor::read(&bytes), expected);
    }
}
