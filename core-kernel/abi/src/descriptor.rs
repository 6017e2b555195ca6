//! The descriptor: where an extension is entered. The one symbol that a native extension exports.

use crate::HandlerFn;

/// The name of the static that holds an extension's [`ExtensionDescriptor`].
pub const DESCRIPTOR_SYMBOL: &str = "spindle_extension";

/// The name of the static in which a Wasm extension lets the kernel put frames (see [`crate::guest`]).
pub const WINDOW_SYMBOL: &str = "spindle_window";

/// The version of the descriptor's layout and of the calling convention of rows.
pub const ABI_VERSION: u32 = 1;

/// Where the kernel enters an extension. On wasm32 its addresses have 4 bytes, and those of functions are indices of the
/// module's table.
#[repr(C)]
#[derive(Debug)]
pub struct ExtensionDescriptor {
    /// [`ABI_VERSION`] of the SDK that built the extension.
    pub abi_version: u32,
    /// How many entries `handlers` has.
    pub handler_count: u32,
    /// Makes the extension's state and writes the pointer to it (the closure of all its handlers) to `out`.
    /// Returns 0, or the code of the [`Status`](crate::Status) that it failed with, and then writes nothing.
    pub start: unsafe extern "C" fn(out: *mut *const ()) -> u32,
    /// Ends what `start` made; called once, after the last handler has returned.
    pub stop: unsafe extern "C" fn(closure: *const ()),
    /// The entry points of the rows, in the order of their records.
    pub handlers: *const HandlerFn,
}

const _: () = assert!(core::mem::offset_of!(ExtensionDescriptor, start) == 8);
const _: () = assert!(core::mem::size_of::<ExtensionDescriptor>() == 8 + 3 * core::mem::size_of::<usize>());
